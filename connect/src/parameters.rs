//! All parameters of a connection, from the places that libpq looks at, in its order: the URL, the service, the
//! environment.

use std::collections::BTreeMap;

use crate::keyword::{self, Meaning};
use crate::service;
use crate::surroundings::Surroundings;
use crate::text::{Pairs, pairs};
use crate::unreadable::Unreadable;

/// Values by the names of their parameters, and where each was given.
pub(crate) struct Parameters {
    values: BTreeMap<&'static str, (String, Origin)>,
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Url,
    Service,
    Variable(&'static str),
}

impl Parameters {
    pub(crate) fn read(text: &str, around: &Surroundings) -> Result<Self, Unreadable> {
        if text.trim().is_empty() && !around.name_a_server() {
            return Err(Unreadable::Empty);
        }
        let mut all = Self {
            values: BTreeMap::new(),
            notes: Vec::new(),
        };
        // In a URL the last one counts.
        let mut given = pairs(text)?;
        given.reverse();
        all.take(given, Origin::Url)?;
        let set = |name| around.variable(name).map(str::to_owned);
        let service = all.get("service").map(str::to_owned);
        if let Some(name) = service.or_else(|| set("PGSERVICE")) {
            let file = all.get("servicefile").map(str::to_owned);
            let file = file.or_else(|| set("PGSERVICEFILE"));
            let pairs = service::parameters(&name, file.as_deref(), around)?;
            all.take(pairs, Origin::Service)?;
        }
        for keyword in keyword::ALL {
            if let Some(variable) = keyword.variable
                && let Some(value) = around.variable(variable)
            {
                let pairs = vec![(keyword.name.to_owned(), value.to_owned())];
                all.take(pairs, Origin::Variable(variable))?;
            }
        }
        Ok(all)
    }

    /// What is not known yet.
    fn take(&mut self, pairs: Pairs, origin: Origin) -> Result<(), Unreadable> {
        for (name, value) in pairs {
            let Some(known) = keyword::find(&name) else {
                if let Some(meant) = keyword::nearly(&name) {
                    return Err(Unreadable::Misspelt { given: name, meant });
                }
                self.notes.push(format!(
                    "`{name}` is a parameter of another driver, and is ignored"
                ));
                continue;
            };
            match known.meaning {
                Meaning::Used => {
                    let place = self.values.entry(known.name);
                    place.or_insert((value, origin));
                }
                Meaning::Harmless => {}
                Meaning::Demand(but) if value.is_empty() || but.contains(&value.as_str()) => {}
                Meaning::Demand(_) => {
                    return Err(Unreadable::Unsupported {
                        place: place(known.name, origin),
                    });
                }
            }
        }
        Ok(())
    }

    /// The value, if there is one that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (value, _) = self.values.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The value, read by `read`.
    pub(crate) fn read_as<T>(
        &self,
        name: &str,
        takes: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unreadable> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let origin = self
            .values
            .get(name)
            .map_or(Origin::Url, |(_, origin)| *origin);
        let wrong = || Unreadable::Value {
            place: place(name, origin),
            takes,
        };
        read(value).map(Some).ok_or_else(wrong)
    }

    /// Whether the password is one that the URL has.
    pub(crate) fn has_password_in_url(&self) -> bool {
        let password = self.values.get("password");
        password.is_some_and(|(value, origin)| !value.is_empty() && *origin == Origin::Url)
    }
}

fn place(name: &str, origin: Origin) -> String {
    match origin {
        Origin::Url => format!("the value of `{name}` in the URL"),
        Origin::Service => format!("the value of `{name}` in the service file"),
        Origin::Variable(variable) => format!("the value of {variable}"),
    }
}
