//! Compares the modules of one program while the compiler evaluates `modules!`.

use crate::modules::order;
use crate::modules::text::{Text, is_before, same, same_type};
use crate::plan::{Code, Need, Offer, Plan, TypedColumn};

/// Writes a line for each thing that is wrong.
pub(crate) const fn check(plans: &[&Plan], outside: &[&str], text: &mut Text) {
    let mut at = 0;
    while at < plans.len() {
        let plan = plans[at];
        let mut earlier = 0;
        while earlier < at {
            if same(plans[earlier].schema(), plan.schema()) {
                twice(plans[earlier], plan, text);
            }
            earlier += 1;
        }
        let needs = plan.needs();
        let mut need = 0;
        while need < needs.len() {
            match order::owner(plans, &needs[need]) {
                Some(owner) => object(plan, &needs[need], plans[owner], text),
                None if is_of(outside, needs[need].schema) => {}
                None => without_owner(plan, &needs[need], text),
            }
            need += 1;
        }
        at += 1;
    }
    let mut at = 0;
    while at < outside.len() {
        declared(plans, outside[at], text);
        at += 1;
    }
    if text.is_empty() {
        order::circle(plans, text);
    }
}

const fn is_of(schemas: &[&str], schema: &str) -> bool {
    let mut at = 0;
    while at < schemas.len() {
        if same(schemas[at], schema) {
            return true;
        }
        at += 1;
    }
    false
}

const fn without_owner(plan: &Plan, need: &Need, text: &mut Text) {
    begin(plan, need, text);
    text.push(&[", and no module of the list owns the schema ", need.schema]);
    text.push(&[
        ". Add the module; or, if another program or an extension owns it, write `; outside = [\"",
    ]);
    text.push(&[need.schema, "\"]` behind the list"]);
}

/// A schema that is declared to be outside has to be, and a module has to need it.
const fn declared(plans: &[&Plan], schema: &str, text: &mut Text) {
    let (mut at, mut is_needed) = (0, false);
    while at < plans.len() {
        if same(plans[at].schema(), schema) {
            text.push(&["\n`outside` names ", schema, ", which ", plans[at].folder()]);
            text.push(&[" owns. Leave it out"]);
            return;
        }
        let needs = plans[at].needs();
        let mut need = 0;
        while need < needs.len() {
            is_needed |= same(needs[need].schema, schema);
            need += 1;
        }
        at += 1;
    }
    if !is_needed {
        text.push(&[
            "\n`outside` names ",
            schema,
            ", of which no module needs anything. Leave it out",
        ]);
    }
}

const fn twice(first: &Plan, second: &Plan, text: &mut Text) {
    text.push(&["\n", first.folder(), " and ", second.folder()]);
    text.push(&[" both own the schema ", first.schema()]);
    text.push(&[", and a schema belongs to one module. "]);
    if same(first.folder(), second.folder()) {
        text.push(&["Name the module once"]);
    } else {
        text.push(&["Write `schema = \"...\"` with another name into "]);
        text.push(&[second.folder(), "/onward.toml, or leave one of them out"]);
    }
}

/// The offers are sorted by name.
const fn find(offers: &[Offer], name: &str) -> Option<usize> {
    let (mut low, mut high) = (0, offers.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(offers[middle].name, name) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if low < offers.len() && same(offers[low].name, name) {
        Some(low)
    } else {
        None
    }
}

const fn object(plan: &Plan, need: &Need, owner: &Plan, text: &mut Text) {
    let offers = owner.offers();
    if let Some(at) = find(offers, need.name) {
        return found(plan, need, owner, &offers[at], text);
    }
    if owner.may_offer_others() {
        return;
    }
    begin(plan, need, text);
    text.push(&[", which ", owner.folder(), " does not create"]);
    names(offers, text);
    text.push(&[". Correct the name in ", need.path]);
    text.push(&[", or create the object in ", owner.folder()]);
}

/// `vuln needs auth.users`.
const fn begin(plan: &Plan, need: &Need, text: &mut Text) {
    text.push(&["\n", plan.schema(), " needs ", need.schema, ".", need.name]);
}

const fn names(offers: &[Offer], text: &mut Text) {
    const MOST: usize = 12;
    let mut at = 0;
    while at < offers.len() && at < MOST {
        let before = if at == 0 { ": it has " } else { ", " };
        text.push(&[before, offers[at].name]);
        at += 1;
    }
    if at < offers.len() {
        text.push(&[", ..."]);
    }
}

const fn found(plan: &Plan, need: &Need, owner: &Plan, offer: &Offer, text: &mut Text) {
    if is_late(plan, need, owner, "", offer.since, text) {
        return;
    }
    let Some(columns) = offer.columns else {
        return;
    };
    let mut at = 0;
    while at < need.columns.len() {
        column(plan, need, owner, &need.columns[at], columns, text);
        at += 1;
    }
}

const fn column(
    plan: &Plan,
    need: &Need,
    owner: &Plan,
    wanted: &TypedColumn,
    columns: &[TypedColumn],
    text: &mut Text,
) {
    let mut at = 0;
    while at < columns.len() {
        let one = &columns[at];
        if same(one.name(), wanted.name()) {
            if is_late(plan, need, owner, one.name(), one.code(), text) {
                return;
            }
            if !one.data_type().is_empty() && !same_type(wanted.data_type(), one.data_type()) {
                begin(plan, need, text);
                text.push(&[" with ", wanted.name(), " ", wanted.data_type()]);
                text.push(&[
                    ", and in ",
                    owner.folder(),
                    " the column is ",
                    one.data_type(),
                ]);
                text.push(&[
                    ". Write `",
                    one.name(),
                    " ",
                    one.data_type(),
                    "` in ",
                    need.path,
                ]);
                text.push(&[", and see to it that what uses the column takes that type"]);
            }
            return;
        }
        at += 1;
    }
    begin(plan, need, text);
    text.push(&[
        " with the column ",
        wanted.name(),
        ", which ",
        owner.folder(),
    ]);
    text.push(&[" does not create"]);
    let mut at = 0;
    while at < columns.len() {
        let before = if at == 0 { ": it has " } else { ", " };
        text.push(&[before, columns[at].name()]);
        at += 1;
    }
    text.push(&[". Correct the column in ", need.path]);
    text.push(&[", or add it in ", owner.folder()]);
}

/// Whether the object, or a column of it, is there too late, which is written then.
const fn is_late(
    plan: &Plan,
    need: &Need,
    owner: &Plan,
    column: &str,
    since: Code,
    text: &mut Text,
) -> bool {
    let Some(version) = since.version() else {
        return false;
    };
    let dot = if column.is_empty() { "" } else { "." };
    if need.at_start && !since.runs_at_start() {
        begin(plan, need, text);
        text.push(&[dot, column, " when it starts, and in ", owner.folder()]);
        text.push(&[" only a release migration or a data migration creates that, which runs later. Create it in a \
             startup migration there, or move what uses it in "]);
        text.push(&[plan.folder(), " into a release migration"]);
        return true;
    }
    let Some(wanted) = need.since() else {
        return false;
    };
    if since.0 <= need.since.0 {
        return false;
    }
    begin(plan, need, text);
    text.push(&[dot, column, " since "]);
    text.push_version(wanted);
    text.push(&[", and in ", owner.folder(), " it is created by "]);
    text.push_version(version);
    text.push(&[". Write `since "]);
    text.push_version(version);
    text.push(&["` in ", need.path]);
    true
}
