//! Types under the names that `format_type()` shows.

use sqlparser::ast::{
    ArrayElemTypeDef, CharacterLength, DataType, ExactNumberInfo, GeometricTypeKind, ObjectName,
    TimezoneInfo, TypeModifier,
};

use super::names::{ident, parts};
use crate::second_reader::lines::list;

pub(super) fn data_type(data_type: &DataType) -> String {
    match data_type {
        DataType::SmallInt(None) | DataType::Int2(None) => "smallint".to_owned(),
        DataType::Int(None) | DataType::Int4(None) | DataType::Integer(None) => {
            "integer".to_owned()
        }
        DataType::BigInt(None) | DataType::Int8(None) => "bigint".to_owned(),
        DataType::Real | DataType::Float4 => "real".to_owned(),
        DataType::Float(ExactNumberInfo::Precision(1..=24)) => "real".to_owned(),
        DataType::Float8 | DataType::DoublePrecision | DataType::Float(_) => {
            "double precision".to_owned()
        }
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => numeric(*info),
        DataType::Bool | DataType::Boolean => "boolean".to_owned(),
        DataType::Character(length) | DataType::Char(length) => {
            let one = CharacterLength::IntegerLength {
                length: 1,
                unit: None,
            };
            sized("character", length.or(Some(one)))
        }
        DataType::CharacterVarying(length)
        | DataType::CharVarying(length)
        | DataType::Varchar(length)
        | DataType::Nvarchar(length) => sized("character varying", *length),
        DataType::Bit(length) => format!("bit({})", length.unwrap_or(1)),
        DataType::BitVarying(length) | DataType::VarBit(length) => measured("bit varying", *length),
        DataType::Time(precision, zone) => zoned("time", *precision, zone),
        DataType::Timestamp(precision, zone) => zoned("timestamp", *precision, zone),
        DataType::Interval { fields, precision } => {
            let fields = fields.as_ref().map(|fields| format!(" {fields}"));
            let name = format!("interval{}", fields.unwrap_or_default().to_lowercase());
            measured(&name, *precision)
        }
        DataType::Array(
            ArrayElemTypeDef::SquareBracket(inner, _) | ArrayElemTypeDef::Qualified(inner, _),
        ) => format!("{}[]", self::data_type(inner).trim_end_matches("[]")),
        DataType::GeometricType(kind) => geometric(kind).to_owned(),
        DataType::Custom(name, modifiers) => custom(name, modifiers),
        DataType::Table(columns) => {
            let columns = columns.iter().flatten();
            let each = columns
                .map(|def| format!("{} {}", ident(&def.name), self::data_type(&def.data_type)));
            format!("table{}", list(each))
        }
        // A column of a partition or of `CREATE TABLE AS`, whose type is defined elsewhere.
        DataType::Unspecified => String::new(),
        // A type with only one spelling: `uuid`, `text`, `jsonb`.
        other => other.to_string().to_lowercase(),
    }
}

fn numeric(info: ExactNumberInfo) -> String {
    match info {
        ExactNumberInfo::None => "numeric".to_owned(),
        ExactNumberInfo::Precision(precision) => format!("numeric({precision},0)"),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => {
            format!("numeric({precision},{scale})")
        }
    }
}

fn measured(name: &str, length: Option<u64>) -> String {
    length.map_or_else(|| name.to_owned(), |length| format!("{name}({length})"))
}

fn sized(name: &str, length: Option<CharacterLength>) -> String {
    match length {
        None => name.to_owned(),
        Some(CharacterLength::IntegerLength { length, unit: None }) => {
            format!("{name}({length})")
        }
        Some(other) => format!("{name}({other})"),
    }
}

fn zoned(name: &str, precision: Option<u64>, zone: &TimezoneInfo) -> String {
    let zone = match zone {
        TimezoneInfo::None | TimezoneInfo::WithoutTimeZone => "without time zone",
        TimezoneInfo::WithTimeZone | TimezoneInfo::Tz => "with time zone",
    };
    format!("{} {zone}", measured(name, precision))
}

fn geometric(kind: &GeometricTypeKind) -> &'static str {
    match kind {
        GeometricTypeKind::Point => "point",
        GeometricTypeKind::Line => "line",
        GeometricTypeKind::LineSegment => "lseg",
        GeometricTypeKind::GeometricBox => "box",
        GeometricTypeKind::GeometricPath => "path",
        GeometricTypeKind::Polygon => "polygon",
        GeometricTypeKind::Circle => "circle",
    }
}

fn custom(name: &ObjectName, modifiers: &[TypeModifier]) -> String {
    let parts = parts(name);
    let name = match parts.as_slice() {
        [schema, name] if schema == "pg_catalog" => name.clone(),
        [name] if name == "char" => "\"char\"".to_owned(),
        parts => parts.join("."),
    };
    match modifiers {
        [] => name,
        // With a length, the catalog's own name means the standard type.
        _ if name == "bpchar" => format!("character({})", modifiers[0]),
        modifiers => {
            let modifiers: Vec<String> = modifiers.iter().map(ToString::to_string).collect();
            format!("{name}({})", modifiers.join(","))
        }
    }
}

/// The integer type behind a `serial`.
pub(super) fn serial(data_type: &DataType) -> Option<&'static str> {
    let DataType::Custom(name, _) = data_type else {
        return None;
    };
    match parts(name).as_slice() {
        [name] if name == "serial" || name == "serial4" => Some("integer"),
        [name] if name == "bigserial" || name == "serial8" => Some("bigint"),
        [name] if name == "smallserial" || name == "serial2" => Some("smallint"),
        _ => None,
    }
}
