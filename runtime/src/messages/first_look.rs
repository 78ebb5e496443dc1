//! The first look, and what a write leaves for it: a summary of the lines, beside the ledger's head.

use super::read::{as_created, as_written, genesis, login, tables};
use super::{Limits, milliseconds};
use crate::ledger::task::{digests, of_category};
use crate::plan::Plan;
use crate::plan::version::Category;
use crate::sql::{Fragment, fill};

/// Whether there is anything to do, in one row. It is as long for many migrations as for one.
pub(crate) fn fast_path(plan: &Plan, role: &str, limits: Limits) -> String {
    let role = match role.is_empty() {
        true => String::new(),
        false => fill(
            include_str!("../sql/become.sql"),
            &[("role", Fragment::Trusted(role))],
        ),
    };
    let known = known(plan);
    let login = login(plan);
    let [log, head] = &tables(plan);
    let [log, head] = [log, head].map(|table| Fragment::NameText(table));
    let [look, no_look] = [
        include_str!("../sql/look.sql"),
        include_str!("../sql/no_look.sql"),
    ]
    .map(|text| {
        fill(
            text,
            &[
                ("as_created", Fragment::Trusted(&as_created())),
                ("known", Fragment::Text(&known)),
                ("login", Fragment::Trusted(&login)),
                ("log", log),
                ("head", head),
            ],
        )
    });
    fill(
        include_str!("../sql/fast_path.sql"),
        &[
            ("statement_timeout", milliseconds(limits.statement_timeout)),
            ("role", Fragment::Trusted(&role)),
            ("log", log),
            ("head", head),
            ("look", Fragment::Text(&look)),
            ("no_look", Fragment::Text(&no_look)),
        ],
    )
}

/// The query for the head, and for what its summary says or else the lines do.
fn known(plan: &Plan) -> String {
    let count = |category| {
        let count = of_category(plan, category).len();
        Fragment::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    };
    let all_done = |category| {
        let all = digests(&of_category(plan, category)).last();
        all.map_or(Fragment::Null, Fragment::Digest)
    };
    let [release, data] = [Category::Release, Category::Data].map(|category| last(plan, category));
    fill(
        include_str!("../sql/known.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("place", Fragment::Trusted(&place(plan))),
            ("startups", count(Category::Startup)),
            ("seeds", count(Category::Seed)),
            ("startup", all_done(Category::Startup)),
            ("seed", all_done(Category::Seed)),
            (
                "last_release",
                Fragment::Text(release.as_deref().unwrap_or_default()),
            ),
            (
                "last_data",
                Fragment::Text(data.as_deref().unwrap_or_default()),
            ),
            ("lines", Fragment::Text(&lines(plan))),
        ],
    )
}

/// Behind the lines of a write: the summary that the next first look compares.
pub(super) fn summary(plan: &Plan) -> String {
    let place = place(plan);
    let newest = newest(plan);
    let everything = Category::ALL.map(|category| (category.as_str(), digest(category, None)));
    let mut fragments = vec![
        ("schema", Fragment::Identifier(plan.schema())),
        ("place", Fragment::Trusted(&place)),
        ("newest", Fragment::Trusted(&newest)),
        ("open", Fragment::Trusted(include_str!("../sql/open.sql"))),
    ];
    fragments.extend(each(&everything));
    fill(include_str!("../sql/summary.sql"), &fragments)
}

/// The query for what the plan is compared with when no summary stands for the lines.
fn lines(plan: &Plan) -> String {
    // Nothing of it is planned: what the server does not have to plan costs a new session no time. And newer lines
    // are another binary's.
    let known = Category::ALL.map(|category| {
        let known = match last(plan, category) {
            None => "NULL::text".to_owned(),
            Some(last) => digest(category, Some(&last)),
        };
        (category.as_str(), known)
    });
    let last_release = last(plan, Category::Release).unwrap_or_default();
    let [log, head] = tables(plan);
    let as_written = as_written();
    let genesis = genesis(plan);
    let newest = newest(plan);
    let mut fragments = vec![
        ("as_written", Fragment::Trusted(&as_written)),
        ("log", Fragment::NameText(&log)),
        ("head", Fragment::NameText(&head)),
        ("schema", Fragment::Identifier(plan.schema())),
        ("genesis", Fragment::Text(&genesis)),
        ("link", Fragment::Trusted(include_str!("../sql/link.sql"))),
        ("open", Fragment::Trusted(include_str!("../sql/open.sql"))),
        ("last_release", Fragment::Text(&last_release)),
        ("newest", Fragment::Trusted(&newest)),
    ];
    fragments.extend(each(&known));
    fill(include_str!("../sql/lines.sql"), &fragments)
}

/// SQL by the names of categories, which are those of the holes for it.
fn each<'a>(
    texts: &'a [(&'static str, String)],
) -> impl Iterator<Item = (&'static str, Fragment<'a>)> {
    texts
        .iter()
        .map(|(name, text)| (*name, Fragment::Trusted(text)))
}

/// The last version of a category that the plan knows.
fn last(plan: &Plan, category: Category) -> Option<String> {
    let tasks = of_category(plan, category);
    tasks.last().map(|task| task.version.to_string())
}

/// The digest over what is done of a category, up to a version.
fn digest(category: Category, last: Option<&str>) -> String {
    let known = last.map_or_else(String::new, |last| {
        let last = [("last", Fragment::Text(last))];
        fill(" AND version <= {{last}}", &last)
    });
    fill(
        include_str!("../sql/category.sql"),
        &[
            ("category", Fragment::Text(category.as_str())),
            ("known", Fragment::Trusted(&known)),
        ],
    )
}

fn newest(plan: &Plan) -> String {
    let schema = [("schema", Fragment::Identifier(plan.schema()))];
    fill(include_str!("../sql/newest.sql"), &schema)
}

/// Where the ledger is: its head, and its triggers.
fn place(plan: &Plan) -> String {
    let [log, head] = tables(plan);
    fill(
        include_str!("../sql/place.sql"),
        &[
            ("log", Fragment::NameText(&log)),
            ("head", Fragment::NameText(&head)),
        ],
    )
}
