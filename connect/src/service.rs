//! Service files: the parameters of a server under a name.

use std::fs;
use std::path::PathBuf;

use crate::surroundings::Surroundings;
use crate::text::Pairs;
use crate::unreadable::Unreadable;

/// The parameters of a service, from the first file that has it: the user's, then the system's.
pub(crate) fn parameters(
    name: &str,
    given: Option<&str>,
    around: &Surroundings,
) -> Result<Pairs, Unreadable> {
    let of_user = match given {
        Some(file) => Some(PathBuf::from(file)),
        None => around.file_of_user(".pg_service.conf", ".pg_service.conf"),
    };
    let of_system = around.variable("PGSYSCONFDIR");
    let of_system = of_system.map(|folder| PathBuf::from(folder).join("pg_service.conf"));
    let files: Vec<PathBuf> = of_user.into_iter().chain(of_system).collect();
    for file in &files {
        // A file that is not there has no services.
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        let section = section(&text, name).map_err(|line| Unreadable::ServiceFile {
            file: file.clone(),
            line,
        })?;
        if let Some(pairs) = section {
            return Ok(pairs);
        }
    }
    Err(Unreadable::NoService {
        name: name.to_owned(),
        files,
    })
}

/// The lines of a section, or the number of one that cannot be read.
fn section(text: &str, name: &str) -> Result<Option<Pairs>, usize> {
    let mut found = None::<Pairs>;
    let mut inside = false;
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            inside = title.split(']').next() == Some(name);
            if inside {
                found = Some(Pairs::new());
            }
            continue;
        }
        let Some(pairs) = found.as_mut().filter(|_| inside) else {
            continue;
        };
        let (key, value) = line.split_once('=').ok_or(n + 1)?;
        // Neither LDAP nor a service in a service: as libpq refuses the one that it was built without.
        if key.contains(|c: char| c.is_whitespace() || c == ':') || key == "service" {
            return Err(n + 1);
        }
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_section_with_the_name_counts() {
        let text = "# ours\n[a]\nhost=x\n\n[b]\nhost=y\nport=6\n[b]\nhost=z\n";
        let pairs = |name| section(text, name).ok().flatten().map(|pairs| pairs.len());
        assert_eq!(
            (pairs("a"), pairs("b"), pairs("c")),
            (Some(1), Some(2), None)
        );
        assert_eq!(section("[a]\nhost x\n", "a"), Err(2));
        assert_eq!(section("[a]\nservice=b\n", "a"), Err(2));
        assert_eq!(section("[a]\nhost x\n[b]\n", "b"), Ok(Some(Vec::new())));
    }
}
