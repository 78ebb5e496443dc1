//! Batches of one tenant after another, where policies show a session the rows of one tenant only.
//!
//! Each batch works with the setting that policies read, for its transaction, and with policies on. What is not of one
//! tenant stays without it: the list of tenants, and the progress.

use super::range::{Range, assign_from, declare, last, listed, table};
use super::{Frame, Limits, begin};
use crate::plan::{Ranges, Tenants};
use crate::sql::{Fragment, fill};

/// What a table with rows is refused with that no tenant of the list has.
pub(crate) const UNLISTED: &str = "no tenant of the list has a row of the table, and the table is not empty: policies hide \
    the rows from its owner. Name a query that lists all tenants: `-- onward: tenants SELECT id FROM <table of tenants>`";

/// The type of tenants.
fn data_type(ranges: &Ranges) -> &'static str {
    ranges.keys.first().map_or("text", |key| key.data_type)
}

/// The query for the next tenant; its parameters are the tenant before, and the last one.
fn next_tenant(ranges: &Ranges, tenants: &Tenants) -> String {
    fill(
        include_str!("../../sql/data/tenants/next_tenant.sql"),
        &listed_as(ranges, tenants),
    )
}

fn listed_as(ranges: &Ranges, tenants: &Tenants) -> [(&'static str, Fragment<'static>); 2] {
    [
        ("type", Fragment::Trusted(data_type(ranges))),
        ("query", Fragment::Trusted(tenants.query)),
    ]
}

/// The steps that go to the next tenant up to this one, or leave the loop around them.
fn next(schema: &str, ranges: &Ranges, tenants: &Tenants, last: &str) -> String {
    fill(
        include_str!("../../sql/data/tenants/next.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("setting", Fragment::Text(tenants.setting)),
            ("next_tenant", Fragment::Code(&next_tenant(ranges, tenants))),
            ("last", Fragment::Trusted(last)),
        ],
    )
}

fn no_last(ranges: &Ranges) -> String {
    ["NULL::", data_type(ranges)].concat()
}

/// The step that sets a tenant, when there are tenants.
pub(super) fn enter(ranges: &Ranges, tenant: &str) -> String {
    ranges.tenants.map_or_else(String::new, |tenants| {
        fill(
            include_str!("../../sql/data/tenants/enter.sql"),
            &[
                ("setting", Fragment::Text(tenants.setting)),
                ("tenant", Fragment::Trusted(tenant)),
            ],
        )
    })
}

/// The step that takes the tenant back, when there are tenants.
pub(super) fn leave(ranges: &Ranges) -> String {
    ranges.tenants.map_or_else(String::new, |tenants| {
        fill(
            include_str!("../../sql/data/tenants/leave.sql"),
            &[("setting", Fragment::Text(tenants.setting))],
        )
    })
}

/// The steps that find where a pass ends: behind the last tenant of the list.
pub(super) fn goal(schema: &str, ranges: &Ranges, tenants: &Tenants) -> String {
    let last = fill(
        include_str!("../../sql/data/tenants/last_tenant.sql"),
        &listed_as(ranges, tenants),
    );
    fill(
        include_str!("../../sql/data/tenants/last.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("last_tenant", Fragment::Code(&last)),
        ],
    )
}

/// The range behind the cursor, within its tenant or one of the next.
pub(super) fn range(schema: &str, ranges: &Ranges, tenants: &Tenants, size: u32) -> Range {
    let (_, walked) = ranges.split_keys();
    let data_type = data_type(ranges);
    let comma = |names: &str| match names {
        "" => String::new(),
        names => [", ", names].concat(),
    };
    let (lowers, uppers) = (
        comma(&listed("lower", walked)),
        comma(&listed("upper", walked)),
    );
    let last_of = |has_lower| last(ranges, &ranges.bounded("walked", has_lower, false));
    let (of_cursor, goal) = (
        assign_from(1, "lower", "job.position", walked),
        ["(job.goal ->> 0)::", data_type].concat(),
    );
    let find = fill(
        include_str!("../../sql/data/tenants/range.sql"),
        &[
            ("type", Fragment::Trusted(data_type)),
            ("lower", Fragment::Trusted(&of_cursor)),
            ("enter", Fragment::Trusted(&enter(ranges, "tenant::text"))),
            (
                "next_tenant",
                Fragment::Trusted(&next(schema, ranges, tenants, &goal)),
            ),
            (
                "next_inside",
                Fragment::Code(&ranges.end_of_next(true, size)),
            ),
            ("next", Fragment::Code(&ranges.end_of_next(false, size))),
            ("last_inside", Fragment::Code(&last_of(true))),
            ("last", Fragment::Code(&last_of(false))),
            ("lowers", Fragment::Trusted(&lowers)),
            (
                "upper",
                Fragment::Trusted(&assign_from(1, "upper", "upto", walked)),
            ),
        ],
    );
    let own = format!(
        "  tenant {data_type};\n  is_inside boolean;\n  is_last boolean := false;\n  passed int4 := 0;\n  looked int8 := 0;\n"
    );
    Range {
        declare: [own, declare("lower", walked), declare("upper", walked)].concat(),
        find,
        run: run(
            schema,
            ranges,
            size,
            &[" USING tenant", &lowers, &uppers].concat(),
        ),
        looked: Some("looked"),
    }
}

fn run(schema: &str, ranges: &Ranges, size: u32, using: &str) -> String {
    let count = |has_lower| {
        let condition = ranges.bounded("walked", has_lower, true);
        fill(
            include_str!("../../sql/data/tenants/count.sql"),
            &[
                ("table", Fragment::Trusted(&table(ranges))),
                ("condition", Fragment::Trusted(&condition)),
            ],
        )
    };
    fill(
        include_str!("../../sql/data/tenants/run.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("size", Fragment::Integer(size.into())),
            ("count_inside", Fragment::Code(&count(true))),
            ("count", Fragment::Code(&count(false))),
            ("inside", Fragment::Code(&ranges.statement(true))),
            ("first", Fragment::Code(&ranges.statement(false))),
            ("using", Fragment::Trusted(using)),
            ("leave", Fragment::Trusted(&leave(ranges))),
        ],
    )
}

/// Asks whether a row of a tenant is left.
pub(super) fn unfinished(
    frame: &Frame<'_>,
    limits: Limits,
    ranges: &Ranges,
    tenants: &Tenants,
    query: &str,
) -> String {
    let schema = frame.plan.schema();
    let query = fill(
        include_str!("../../sql/data/is_left.sql"),
        &[("query", Fragment::Trusted(query))],
    );
    fill(
        include_str!("../../sql/data/tenants/unfinished.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            ("type", Fragment::Trusted(data_type(ranges))),
            (
                "next_tenant",
                Fragment::Trusted(&next(schema, ranges, tenants, &no_last(ranges))),
            ),
            ("schema", Fragment::Identifier(schema)),
            ("query", Fragment::Code(&query)),
        ],
    )
}

/// Asks whether the table has rows, although no tenant of the list has one.
pub(crate) fn unlisted(frame: &Frame<'_>, limits: Limits, ranges: &Ranges) -> String {
    fill(
        include_str!("../../sql/data/tenants/unlisted.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            ("has_rows", Fragment::Trusted(&has_rows(ranges))),
        ],
    )
}

fn has_rows(ranges: &Ranges) -> String {
    let table = [ranges.table.schema, ranges.table.name];
    fill(
        include_str!("../../sql/data/tenants/has_rows.sql"),
        &[("table", Fragment::NameText(&table))],
    )
}

/// The body of a transaction that runs the statement for each tenant.
pub(crate) fn whole(schema: &str, ranges: &Ranges, tenants: &Tenants) -> String {
    fill(
        include_str!("../../sql/data/tenants/whole.sql"),
        &[
            ("type", Fragment::Trusted(data_type(ranges))),
            (
                "next_tenant",
                Fragment::Trusted(&next(schema, ranges, tenants, &no_last(ranges))),
            ),
            ("schema", Fragment::Identifier(schema)),
            ("statement", Fragment::Code(&ranges.statement_of_tenant())),
            ("has_rows", Fragment::Trusted(&has_rows(ranges))),
            ("unlisted", Fragment::Text(UNLISTED)),
            ("leave", Fragment::Trusted(&leave(ranges))),
        ],
    )
}
