sha256(line.prev || convert_to(format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', line.seq, line.event,
      line.category, line.version, line.name, line.attempt, encode(line.checksum, 'hex'),
      encode(line.plan, 'hex'), (extract(epoch FROM line.at) * 1000000)::bigint, line.build, line.run,
      line.compatible_from, line.who), 'UTF8'))