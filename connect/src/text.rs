//! A connection string as pairs: a URL, or `key=value` words. As libpq reads them.

use crate::unreadable::Unreadable;

/// Parameters and their values, in the order in which they stand there.
pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) fn pairs(text: &str) -> Result<Pairs, Unreadable> {
    let text = text.trim();
    match ["postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
    {
        Some(rest) => url(rest),
        None => words(text),
    }
}

/// What stands behind `postgres://`.
fn url(text: &str) -> Result<Pairs, Unreadable> {
    let mut pairs = Pairs::new();
    let mut rest = text;
    let end = text.find(['@', '/']);
    if let Some(at) = end.filter(|at| text[*at..].starts_with('@')) {
        let (user, password) = match text[..at].split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (&text[..at], None),
        };
        push(&mut pairs, "user", user)?;
        push(&mut pairs, "password", password.unwrap_or_default())?;
        rest = &text[at + 1..];
    }
    let (address, query) = match rest.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (rest, None),
    };
    let (servers, name) = address.split_once('/').unwrap_or((address, ""));
    if servers.contains('@') {
        return Err(Unreadable::AtInPassword);
    }
    if end.is_some_and(|at| text[at..].starts_with('/')) && name.contains('@') {
        return Err(Unreadable::SlashInPassword);
    }
    let (hosts, ports) = split_servers(servers)?;
    push(&mut pairs, "host", &hosts)?;
    push(&mut pairs, "port", &ports)?;
    push(&mut pairs, "dbname", name)?;
    for pair in query.unwrap_or_default().split('&') {
        if pair.is_empty() {
            continue;
        }
        let (key, value) = pair.split_once('=').ok_or(Unreadable::Url)?;
        let (key, value) = (decoded(key)?, decoded(value)?);
        // As libpq does, for URLs of JDBC.
        match (key.as_str(), value.as_str()) {
            ("ssl", "true") => pairs.push(("sslmode".to_owned(), "require".to_owned())),
            _ => pairs.push((key, value)),
        }
    }
    Ok(pairs)
}

/// `a:1,[::1]:2` as `a,::1` and `1,2`. A port is missing as nothing between two commas.
fn split_servers(text: &str) -> Result<(String, String), Unreadable> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for server in text.split(',') {
        let (host, port) = match server.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or(Unreadable::Url)?;
                (host, port.strip_prefix(':').unwrap_or(port))
            }
            None => server.split_once(':').unwrap_or((server, "")),
        };
        hosts.push(host);
        ports.push(port);
    }
    let ports = match ports.iter().all(|port| port.is_empty()) {
        true => String::new(),
        false => ports.join(","),
    };
    Ok((hosts.join(","), ports))
}

fn push(pairs: &mut Pairs, key: &str, value: &str) -> Result<(), Unreadable> {
    if !value.is_empty() {
        pairs.push((key.to_owned(), decoded(value)?));
    }
    Ok(())
}

/// Without `%XX`.
fn decoded(text: &str) -> Result<String, Unreadable> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let [high, low, behind @ ..] = rest else {
            return Err(Unreadable::Percent);
        };
        let (high, low) = digit(high).zip(digit(low)).ok_or(Unreadable::Percent)?;
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| Unreadable::Percent)?);
        rest = behind;
    }
    String::from_utf8(bytes).map_err(|_| Unreadable::Percent)
}

/// `host=localhost password='with a blank'`.
fn words(text: &str) -> Result<Pairs, Unreadable> {
    let mut pairs = Pairs::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, behind) = rest.split_once('=').ok_or(Unreadable::Url)?;
        let key = key.trim_end();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(Unreadable::Url);
        }
        let (value, behind) = value(behind.trim_start())?;
        pairs.push((key.to_owned(), value));
        rest = behind.trim_start();
    }
    Ok(pairs)
}

/// A value, and what stands behind it.
fn value(text: &str) -> Result<(String, &str), Unreadable> {
    let quoted = text.strip_prefix('\'');
    let body = quoted.unwrap_or(text);
    let mut value = String::new();
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            '\'' if quoted.is_some() => return Ok((value, &body[at + 1..])),
            blank if blank.is_whitespace() && quoted.is_none() => return Ok((value, &body[at..])),
            letter => value.push(letter),
        }
    }
    match quoted {
        Some(_) => Err(Unreadable::Url),
        None => Ok((value, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, Unreadable> {
        let pairs = pairs(text)?;
        let pairs = pairs.iter().map(|(key, value)| format!("{key}={value}"));
        Ok(pairs.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn urls_and_words_are_read_as_libpq_reads_them() -> Result<(), Unreadable> {
        for (text, expected) in [
            (
                "postgres://me:a%40b@h:5/db?sslmode=require",
                "user=me password=a@b host=h port=5 dbname=db sslmode=require",
            ),
            ("postgresql://h", "host=h"),
            (
                "postgres://a:1,b,[::1]:3/x",
                "host=a,b,::1 port=1,,3 dbname=x",
            ),
            ("postgres://a,b/x", "host=a,b dbname=x"),
            ("postgres://%2Fvar%2Frun/db", "host=/var/run dbname=db"),
            ("postgres:///db?host=/tmp", "dbname=db host=/tmp"),
            (
                "postgres://me:a#b?c@h/db",
                "user=me password=a#b?c host=h dbname=db",
            ),
            (
                "postgres://h/db?ssl=true",
                "host=h dbname=db sslmode=require",
            ),
            ("host=h  port = 5", "host=h port=5"),
            (
                r"password='a \'b\\ c' user=x\ y",
                r"password=a 'b\ c user=x y",
            ),
            ("", ""),
        ] {
            assert_eq!(read(text)?, expected, "{text}");
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in [
            "postgres://me:hu@sh@h/db",
            "postgres://me:hu/sh@h/db",
            "postgres://me:%4@h",
            "postgres://me:%zz@h",
            "postgres://[::1",
            "postgres://h/db?sslmode",
            "me:hush@nowhere",
            "host='h",
            "=h",
        ] {
            let error = pairs(text).err().map(|error| error.to_string());
            assert!(error.is_some_and(|error| !error.contains("hu")), "{text}");
        }
    }
}
