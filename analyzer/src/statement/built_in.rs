//! Types and functions that PostgreSQL provides.

use super::DataType;

/// All types of `pg_catalog` except arrays, row types and those that begin with `pg_`, as `format_type()`
/// shows them (measured on PostgreSQL 15 to 18).
const BUILT_IN: &[&str] = &[
    "\"char\"",
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bytea",
    "character",
    "character varying",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "double precision",
    "event_trigger",
    "fdw_handler",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int2vector",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "smallint",
    "table_am_handler",
    "text",
    "tid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
];

impl DataType {
    /// Whether this is a type of PostgreSQL itself. Every name that begins with `pg_` counts as one:
    /// these are types of the catalog.
    pub(crate) fn is_built_in(&self) -> bool {
        self.schema.is_none()
            && (self.name.starts_with("pg_") || BUILT_IN.binary_search(&self.name.as_str()).is_ok())
    }
}

/// Functions that only aggregate (`prokind = 'a'` in `pg_proc` of 15).
const AGGREGATES: &[&str] = &[
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "every",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "max",
    "min",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
    "xmlagg",
];

/// Whether a function of PostgreSQL with this name aggregates.
pub(crate) fn is_aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

/// The functions whose result differs from call to call, or from transaction to transaction.
const CHANGING: [&str; 26] = [
    "clock_timestamp",
    "current_date",
    "current_time",
    "current_timestamp",
    "gen_random_bytes",
    "gen_random_uuid",
    "localtime",
    "localtimestamp",
    "nextval",
    "now",
    "pg_backend_pid",
    "pg_current_snapshot",
    "pg_current_xact_id",
    "random",
    "random_normal",
    "statement_timestamp",
    "timeofday",
    "transaction_timestamp",
    "txid_current",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
    "pg_current_wal_lsn",
    "gen_salt",
];

/// Whether the result of a function of PostgreSQL with this name differs each time.
pub(crate) fn is_changing(name: &str) -> bool {
    CHANGING.contains(&name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_types_are_in_order() {
        assert!(super::BUILT_IN.is_sorted());
    }
}
