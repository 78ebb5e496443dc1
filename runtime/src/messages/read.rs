//! The messages that read a ledger, and what has to be asked before.

use super::{Limits, functions, milliseconds};
use crate::plan::Plan;
use crate::session::engine;
use crate::sql::{Fragment, fill};

/// How the server writes down what a ledger has, on all supported majors.
pub(super) const EVENT_CHECK: &str = "(event = ANY (ARRAY['genesis'::text, 'applied'::text, 'started'::text, 'abandoned'::text, \
    'finished'::text, 'seeded'::text, 'data_started'::text, 'data_done'::text, 'baseline'::text, 'adopted'::text, \
    'compatible'::text, 'vacated'::text, 'renumbered'::text, 'restamped'::text, 'squashed'::text]))";
/// The same before operators could give numbers and checksums.
const EARLIER_EVENT_CHECK: &str = "(event = ANY (ARRAY['genesis'::text, 'applied'::text, 'started'::text, 'abandoned'::text, \
    'finished'::text, 'seeded'::text, 'data_started'::text, 'data_done'::text, 'baseline'::text, 'adopted'::text, \
    'compatible'::text]))";
/// The same before there were lines that say afterwards which binaries start.
const FIRST_EVENT_CHECK: &str = "(event = ANY (ARRAY['genesis'::text, 'applied'::text, 'started'::text, 'abandoned'::text, \
    'finished'::text, 'seeded'::text, 'data_started'::text, 'data_done'::text, 'baseline'::text, 'adopted'::text]))";
const INDEX_PREDICATE: &str = "(event = ANY (ARRAY['applied'::text, 'baseline'::text, 'adopted'::text, 'data_done'::text, \
    'started'::text, 'seeded'::text]))";
/// Without spaces and line ends.
const INDEX_EXPRESSIONS: &str = "CASEeventWHEN'started'::textTHENattemptELSENULL::integerEND,\
    CASEWHEN(event<>'started'::text)THENchecksumELSENULL::byteaEND";
/// The same before a number could be given to another text.
pub(super) const EARLIER_INDEX_EXPRESSIONS: &str = "CASEeventWHEN'started'::textTHENattemptELSENULL::integerEND,\
    CASEeventWHEN'seeded'::textTHENchecksumELSENULL::byteaEND";

/// The condition on two relations that nothing was added to them, and that reading them evaluates nothing but a ledger's
/// own.
pub(super) fn as_created() -> String {
    fill(
        include_str!("../sql/as_created.sql"),
        &[
            ("index_expressions", Fragment::Text(INDEX_EXPRESSIONS)),
            ("index_predicate", Fragment::Text(INDEX_PREDICATE)),
        ],
    )
}

/// The condition that writing evaluates nothing but a ledger's own.
pub(super) fn as_written() -> String {
    fill(
        include_str!("../sql/as_written.sql"),
        &[
            (
                "append_only",
                Fragment::Text(include_str!("../sql/append_only.sql")),
            ),
            (
                "forward",
                Fragment::Text(include_str!("../sql/forward.sql")),
            ),
            ("event_check", Fragment::Text(EVENT_CHECK)),
        ],
    )
}

/// The steps of PL/pgSQL that stand before a look at the whole ledger, and refuse one that no run has created.
fn own_ledger(plan: &Plan) -> String {
    let [log, head] = tables(plan);
    fill(
        include_str!("../sql/own_ledger.sql"),
        &[
            ("as_created", Fragment::Trusted(&as_created())),
            ("as_written", Fragment::Trusted(&as_written())),
            ("log", Fragment::NameText(&log)),
            ("head", Fragment::NameText(&head)),
            (
                "append_only",
                Fragment::Text(include_str!("../sql/append_only.sql")),
            ),
            (
                "forward",
                Fragment::Text(include_str!("../sql/forward.sql")),
            ),
            ("event_check", Fragment::Text(EVENT_CHECK)),
            ("earlier_event_check", Fragment::Text(EARLIER_EVENT_CHECK)),
            ("first_event_check", Fragment::Text(FIRST_EVENT_CHECK)),
            ("index_expressions", Fragment::Text(INDEX_EXPRESSIONS)),
            (
                "earlier_index_expressions",
                Fragment::Text(EARLIER_INDEX_EXPRESSIONS),
            ),
            ("index_predicate", Fragment::Text(INDEX_PREDICATE)),
        ],
    )
}

/// The step of PL/pgSQL that refuses engines which are not PostgreSQL.
fn engine() -> String {
    fill(
        include_str!("../sql/engine.sql"),
        &[("engines", Fragment::Text(&engine::marks()))],
    )
}

/// Whether policies hold the role that has logged in, as XML: it is planned when it is reached.
pub(super) fn login(plan: &Plan) -> String {
    let schema = [plan.schema()];
    let about = |query| fill(query, &[("quoted", Fragment::NameText(&schema))]);
    fill(
        include_str!("../sql/login.sql"),
        &[
            (
                "superuser",
                Fragment::Text(&about(include_str!("../sql/superuser.sql"))),
            ),
            (
                "privileged",
                Fragment::Text(&about(include_str!("../sql/privileged.sql"))),
            ),
        ],
    )
}

/// The message that reads a module's ledger. `limit` sets a statement timeout, or is empty.
pub(crate) fn read(plan: &Plan, role: &str, limit: &str) -> String {
    let genesis = genesis(plan);
    let [log, head] = tables(plan);
    fill(
        include_str!("../sql/read.sql"),
        &[
            ("statement_timeout", Fragment::Trusted(limit)),
            ("role", Fragment::Trusted(role)),
            ("engine", Fragment::Trusted(&engine())),
            ("own_ledger", Fragment::Trusted(&own_ledger(plan))),
            ("schema", Fragment::Identifier(plan.schema())),
            ("genesis", Fragment::Text(&genesis)),
            ("link", Fragment::Trusted(include_str!("../sql/link.sql"))),
            ("log", Fragment::NameText(&log)),
            ("head", Fragment::NameText(&head)),
            ("functions", Fragment::Digest(functions(plan))),
            ("login", Fragment::Trusted(&login(plan))),
        ],
    )
}

/// A look must not fail because the role has a small timeout of its own.
pub(crate) fn limit(limits: Limits) -> String {
    fill(
        "SET LOCAL statement_timeout = {{limit}};\n",
        &[("limit", milliseconds(limits.statement_timeout))],
    )
}

/// The ledger's log and its head.
pub(super) fn tables(plan: &Plan) -> [[&'static str; 2]; 2] {
    ["schema_migration_log", "schema_migration_head"].map(|table| [plan.schema(), table])
}

/// What the chain of an empty ledger is the digest of.
pub(crate) fn genesis(plan: &Plan) -> String {
    ["onward/v1/", plan.schema()].concat()
}
