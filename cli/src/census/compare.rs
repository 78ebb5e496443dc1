//! Two schemas compared, object by object. Pure.

use std::collections::BTreeSet;

use super::{Census, Described, Object};

/// What is not as the files leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) object: Object,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The files create it, and the database has not got it.
    Missing,
    /// The database has it, and no file creates it.
    Extra,
    /// Both have it, and this differs.
    Different {
        property: String,
        by_files: Option<String>,
        in_database: Option<String>,
    },
}

impl What {
    /// One word.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different { .. } => "different",
        }
    }
}

/// What differs. An object that is missing or extra is one difference with all of its parts.
pub(crate) fn differences(by_files: &Census, in_database: &Census) -> Vec<Difference> {
    let missing = only_in(by_files, in_database, |_| true);
    let extra = only_in(in_database, by_files, |object| !is_added_elsewhere(object));
    let both = by_files.objects.iter().filter_map(|(object, one)| {
        let other = in_database.objects.get(object)?;
        Some(different(object, one, other))
    });
    let one = |what: What| {
        move |object: Object| Difference {
            object,
            what: what.clone(),
        }
    };
    let mut all: Vec<_> = missing.into_iter().map(one(What::Missing)).collect();
    all.extend(extra.into_iter().map(one(What::Extra)));
    all.extend(both.flatten());
    all
}

/// Privileges are granted outside of migrations too, such as those of `onward roles`.
fn is_added_elsewhere(object: &Object) -> bool {
    matches!(object.kind.as_str(), "grant" | "revoke")
}

/// The objects that one has and the other has not, without the parts of those.
fn only_in(one: &Census, other: &Census, counts: impl Fn(&Object) -> bool) -> Vec<Object> {
    let alone: Vec<_> = { one.objects.iter() }
        .filter(|(object, _)| !other.objects.contains_key(object))
        .collect();
    let names: BTreeSet<&str> = alone
        .iter()
        .map(|(object, _)| object.name.as_str())
        .collect();
    let is_part = |described: &Described| {
        let of = described.of.as_deref();
        of.is_some_and(|of| names.contains(of))
    };
    let whole = alone.iter().filter(|(_, described)| !is_part(described));
    whole
        .map(|(object, _)| (*object).clone())
        .filter(counts)
        .collect()
}

fn different<'a>(
    object: &'a Object,
    by_files: &'a Described,
    in_database: &'a Described,
) -> impl Iterator<Item = Difference> + 'a {
    let names = by_files
        .properties
        .keys()
        .chain(in_database.properties.keys());
    let names: BTreeSet<&String> = names.collect();
    names.into_iter().filter_map(|property| {
        let of = |described: &Described| described.properties.get(property).cloned();
        let (one, other) = (of(by_files), of(in_database));
        (one != other).then(|| Difference {
            object: object.clone(),
            what: What::Different {
                property: property.clone(),
                by_files: one,
                in_database: other,
            },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its kind, its name, what it belongs to, and its properties.
    type Row<'a> = (&'a str, &'a str, Option<&'a str>, &'a [(&'a str, &'a str)]);

    fn census(objects: &[Row<'_>]) -> Census {
        let objects = objects.iter().map(|(kind, name, of, properties)| {
            let object = Object {
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
            };
            let properties = properties.iter();
            let properties =
                properties.map(|(one, value)| ((*one).to_owned(), (*value).to_owned()));
            let described = Described {
                of: of.map(str::to_owned),
                properties: properties.collect(),
            };
            (object, described)
        });
        Census {
            objects: objects.collect(),
        }
    }

    fn words(by_files: &Census, in_database: &Census) -> Vec<String> {
        let all = differences(by_files, in_database);
        all.iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one.what.word(),
                    one.object.kind,
                    one.object.name
                )
            })
            .collect()
    }

    #[test]
    fn a_table_that_is_missing_is_one_difference_and_a_grant_more_is_none() {
        let files = census(&[
            ("table", "a.t", None, &[]),
            ("column", "a.t.x", Some("a.t"), &[("type", "integer")]),
            ("grant", "SELECT on column a.t.x, app", Some("a.t.x"), &[]),
            ("grant", "USAGE on schema a, app", None, &[]),
        ]);
        let database = census(&[
            ("grant", "USAGE on schema a, other", None, &[]),
            ("view", "a.v", None, &[]),
            ("grant", "SELECT on view a.v, app", Some("a.v"), &[]),
        ]);
        assert_eq!(
            words(&files, &database),
            [
                "missing grant USAGE on schema a, app",
                "missing table a.t",
                "extra view a.v"
            ]
        );
        assert!(words(&files, &files).is_empty());
    }

    #[test]
    fn each_property_that_differs_is_named() {
        let files = census(&[("column", "a.t.x", Some("a.t"), &[("type", "integer")])]);
        let database = census(&[(
            "column",
            "a.t.x",
            Some("a.t"),
            &[("default", "1"), ("type", "bigint")],
        )]);
        assert_eq!(words(&files, &database).len(), 2);
    }
}
