//! The messages for what cannot run in a transaction.

use super::write::guarded;
use super::{COMMIT, Frame, Limits};
use crate::ledger::task::Task;
use crate::messages::build_name;
use crate::plan::{IndexBuild, Plan, RelationName};
use crate::sql::{Fragment, fill};

/// Refuses to build an index whose name is taken.
pub(crate) fn name_is_free(schema: &str, index: &str) -> String {
    fill(
        include_str!("../sql/name_is_free.sql"),
        &[("final", Fragment::NameText(&[schema, index]))],
    )
}

/// Refuses an index whose statement means something else on this connection than on others.
pub(crate) fn other_meaning(plan: &Plan, build: &IndexBuild) -> String {
    fill(
        include_str!("../sql/other_meaning.sql"),
        &[
            ("sql", Fragment::Text(build.tail)),
            ("module", Fragment::Text(plan.schema())),
            ("table", Fragment::NameText(&[build.schema, build.table])),
        ],
    )
}

pub(crate) fn build_index(build: &IndexBuild, private: &str) -> String {
    fill(
        include_str!("../sql/build_index.sql"),
        &[
            ("head", Fragment::Trusted(build.head)),
            ("built", Fragment::Identifier(private)),
            ("middle", Fragment::Trusted(build.middle)),
            ("schema", Fragment::Identifier(build.schema)),
            ("table", Fragment::Identifier(build.table)),
            ("tail", Fragment::Trusted(build.tail)),
        ],
    )
}

/// The same index without `CONCURRENTLY`, for a table that no session uses yet.
pub(crate) fn build_plainly(build: &IndexBuild) -> String {
    let is_other = |word: &&str| !word.eq_ignore_ascii_case("concurrently");
    let head: Vec<_> = build.head.split_whitespace().filter(is_other).collect();
    let head = head.join(" ") + " ";
    let plain = IndexBuild { head: "", ..*build };
    [head, build_index(&plain, build.index)].concat()
}

/// The same for a drop.
pub(crate) fn drop_plainly(schema: &str, index: &str) -> String {
    fill(
        include_str!("../sql/drop_plainly.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("index", Fragment::Identifier(index)),
        ],
    )
}

pub(crate) fn publish(build: &IndexBuild, private: &str) -> String {
    fill(
        include_str!("../sql/publish.sql"),
        &[
            ("private", Fragment::NameText(&[build.schema, private])),
            ("schema", Fragment::Identifier(build.schema)),
            ("built", Fragment::Identifier(private)),
            ("index", Fragment::Identifier(build.index)),
        ],
    )
}

pub(crate) fn probe_build(
    frame: &Frame<'_>,
    limits: Limits,
    build: &IndexBuild,
    private: &str,
) -> String {
    let probe = fill(
        include_str!("../sql/probe_build.sql"),
        &[
            ("schema", Fragment::Identifier(build.schema)),
            ("table", Fragment::Identifier(build.table)),
            ("private", Fragment::NameText(&[build.schema, private])),
            ("commit", COMMIT),
        ],
    );
    [guarded(frame, limits), probe].concat()
}

pub(crate) fn leftovers(build: &IndexBuild, task: &Task) -> String {
    let stem = build_name::stem(build.index, task.version);
    fill(
        include_str!("../sql/leftovers.sql"),
        &[
            ("quoted", Fragment::NameText(&[build.schema])),
            ("stem", Fragment::Text(&stem)),
        ],
    )
}

pub(crate) fn drop_index(schema: &str, index: &str) -> String {
    fill(
        include_str!("../sql/drop_index.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("index", Fragment::Identifier(index)),
        ],
    )
}

pub(crate) fn is_gone(schema: &str, index: &str) -> String {
    fill(
        include_str!("../sql/is_gone.sql"),
        &[("final", Fragment::NameText(&[schema, index]))],
    )
}

pub(crate) fn probe_drop(frame: &Frame<'_>, limits: Limits, schema: &str, index: &str) -> String {
    let probe = fill(
        include_str!("../sql/probe_drop.sql"),
        &[
            ("final", Fragment::NameText(&[schema, index])),
            ("commit", COMMIT),
        ],
    );
    [guarded(frame, limits), probe].concat()
}

pub(crate) fn probe_detach(
    frame: &Frame<'_>,
    limits: Limits,
    parent: RelationName,
    partition: RelationName,
) -> String {
    let text = include_str!("../sql/probe_detach.sql");
    [guarded(frame, limits), detach(text, parent, partition)].concat()
}

/// Ends a detachment that was ended in between, in the transaction that records it.
pub(crate) fn finish_detach(parent: RelationName, partition: RelationName) -> String {
    let text = include_str!("../sql/finish_detach.sql");
    detach(text, parent, partition)
}

fn detach(text: &str, parent: RelationName, partition: RelationName) -> String {
    fill(
        text,
        &[
            ("parent", Fragment::NameText(&[parent.schema, parent.name])),
            (
                "partition",
                Fragment::NameText(&[partition.schema, partition.name]),
            ),
            ("commit", COMMIT),
        ],
    )
}
