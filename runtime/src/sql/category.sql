encode(sha256(convert_to(string_agg(version || encode(checksum, 'hex'), '' ORDER BY version)
             FILTER (WHERE category = {{category}} AND version <= {{last}}), 'UTF8')), 'hex')