//! The Rust types of the database's types, by the conventions of `postgres-types`.

use std::collections::BTreeMap;

use onward_analyzer::statement::Name;
use onward_analyzer::typed::{Known, Sort};

use crate::names::{camel, unique};

/// A type as Rust has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustType {
    /// The type of a value.
    pub(crate) rust: String,
    /// The name in `onward::types::sql` by which values are compared with it; `None` if it has none.
    pub(crate) marker: Option<String>,
    /// The feature of `onward` that it needs and does not have.
    pub(crate) needs: Option<&'static str>,
}

/// The names of the enum and composite types of a module.
pub(crate) struct OwnTypes {
    names: BTreeMap<(String, String), String>,
}

impl OwnTypes {
    pub(crate) fn of(known: &Known) -> Self {
        let enums = known.enums().into_iter().map(|one| one.name);
        let composites = known.composites().into_iter().map(|one| one.name);
        let names: Vec<Name> = enums.chain(composites).collect();
        let rust = unique(names.iter().map(|name| camel(&name.name)), &[]);
        let names = names.into_iter().map(|name| (name.schema, name.name));
        Self {
            names: names.zip(rust).collect(),
        }
    }

    /// The Rust name of a type.
    pub(crate) fn name(&self, name: &Name) -> Option<&str> {
        let key = (name.schema.clone(), name.name.clone());
        self.names.get(&key).map(String::as_str)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(String::as_str)
    }

    /// The Rust type of a value; `home` is the path of the module with the types of the files.
    pub(crate) fn of_sort(&self, sort: &Sort, home: &str) -> RustType {
        let own = |name: &Name| {
            let path = format!("{home}::{}", self.name(name)?);
            Some(RustType {
                rust: path.clone(),
                marker: Some(path),
                needs: None,
            })
        };
        match sort {
            Sort::Enum(name) | Sort::Composite(name) => own(name).unwrap_or_else(unknown),
            Sort::Array(element) => {
                let element = self.of_sort(element, home);
                let is_known = element.needs.is_none() && element.marker.is_some();
                RustType {
                    rust: match is_known {
                        true => format!("::std::vec::Vec<{}>", element.rust),
                        false => element.rust,
                    },
                    marker: element.marker.map(|one| format!("{SQL}::Array<{one}>")),
                    needs: element.needs,
                }
            }
            Sort::BuiltIn(name) => built_in(name).unwrap_or_else(unknown),
            Sort::Unknown => unknown(),
        }
    }
}

const SQL: &str = "::onward::types::sql";

fn unknown() -> RustType {
    RustType {
        rust: "::onward::types::Unchecked".to_owned(),
        marker: None,
        needs: None,
    }
}

const UUID: &str = "with-uuid-1";
const JSON: &str = "with-serde_json-1";
const TIMES: &str = "with-jiff-0_2, with-time-0_3 or with-chrono-0_4";

/// The crate for dates and times that is used: jiff before time before chrono.
fn time(jiff: &'static str, time: &'static str, chrono: &'static str) -> Option<&'static str> {
    if cfg!(feature = "with-jiff-0_2") {
        return Some(jiff);
    }
    if cfg!(feature = "with-time-0_3") {
        return Some(time);
    }
    cfg!(feature = "with-chrono-0_4").then_some(chrono)
}

fn built_in(name: &str) -> Option<RustType> {
    let (marker, rust, needs) = match name {
        "boolean" => ("Bool", Some("bool"), ""),
        "\"char\"" => ("Char", Some("i8"), ""),
        "smallint" => ("Int2", Some("i16"), ""),
        "integer" => ("Int4", Some("i32"), ""),
        "bigint" => ("Int8", Some("i64"), ""),
        "oid" => ("Oid", Some("u32"), ""),
        "real" => ("Float4", Some("f32"), ""),
        "double precision" => ("Float8", Some("f64"), ""),
        "text" | "character varying" | "character" | "name" | "citext" | "ltree" | "lquery" => {
            ("Text", Some("::std::string::String"), "")
        }
        "bytea" => ("Bytea", Some("::std::vec::Vec<u8>"), ""),
        "inet" => ("Inet", Some("::core::net::IpAddr"), ""),
        "hstore" => (
            "Hstore",
            Some(
                "::std::collections::HashMap<::std::string::String, \
                 ::core::option::Option<::std::string::String>>",
            ),
            "",
        ),
        "uuid" => {
            let uuid = cfg!(feature = "with-uuid-1").then_some("::onward::types::uuid::Uuid");
            ("Uuid", uuid, UUID)
        }
        "json" | "jsonb" => {
            let is_on = cfg!(feature = "with-serde_json-1");
            let json = is_on.then_some("::onward::types::serde_json::Value");
            ("Json", json, JSON)
        }
        "timestamp with time zone" => {
            let chosen = time(
                "::onward::types::jiff::Timestamp",
                "::onward::types::time::OffsetDateTime",
                "::onward::types::chrono::DateTime<::onward::types::chrono::Utc>",
            );
            let chosen = chosen.or(Some("::std::time::SystemTime"));
            ("Timestamptz", chosen, TIMES)
        }
        "timestamp without time zone" => {
            let chosen = time(
                "::onward::types::jiff::civil::DateTime",
                "::onward::types::time::PrimitiveDateTime",
                "::onward::types::chrono::NaiveDateTime",
            );
            (
                "Timestamp",
                chosen.or(Some("::std::time::SystemTime")),
                TIMES,
            )
        }
        "date" => {
            let chosen = time(
                "::onward::types::jiff::civil::Date",
                "::onward::types::time::Date",
                "::onward::types::chrono::NaiveDate",
            );
            ("Date", chosen, TIMES)
        }
        "time without time zone" => {
            let chosen = time(
                "::onward::types::jiff::civil::Time",
                "::onward::types::time::Time",
                "::onward::types::chrono::NaiveTime",
            );
            ("Time", chosen, TIMES)
        }
        _other => return None,
    };
    Some(RustType {
        rust: rust.map_or_else(|| unchecked(needs), str::to_owned),
        marker: Some(format!("{SQL}::{marker}")),
        needs: rust.is_none().then_some(needs),
    })
}

/// What a value is without the feature that it needs.
fn unchecked(needs: &str) -> String {
    let why = match needs {
        UUID => "FeatureWithUuid1IsOff",
        JSON => "FeatureWithSerdeJson1IsOff",
        _times => "FeatureWithJiff02OrTime03OrChrono04IsOff",
    };
    format!("::onward::types::Unchecked<::onward::types::why::{why}>")
}
