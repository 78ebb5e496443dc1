//! What the functions of Citus do with tables: on which servers their rows are from then on.

use super::extension::changing;
use super::{ColumnId, Relation, Schema};
use crate::statement::{Call, LockMode, Name, ObjectKind};

/// Where a Citus cluster keeps the rows of a table.
///
/// ```
/// use onward_analyzer::schema::{Placement, Schema};
///
/// let made = "CREATE TABLE kinds (code text); SELECT create_reference_table('kinds');";
/// let schema = Schema::after("a", &[made]);
/// assert!(schema.relations().all(|table| table.placement == Some(Placement::Reference)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On the server that the statement runs on.
    Local,
    /// Spread over the servers by the values of this column.
    By(ColumnId),
    /// Whole on every server.
    Reference,
    /// Whole on one server, together with the tables of its schema.
    Schema,
}

/// What a function does with the rows that a table already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moves {
    /// It leaves them where they are.
    Nothing,
    /// It copies them to the servers, and the table stays.
    Copies,
    /// It copies them into a table that takes this one's place.
    Replaces,
}

/// A call of one of these functions, whose tables the files create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distribution<'a> {
    pub(crate) tables: Vec<&'a Relation>,
    /// Where the rows are afterwards; `None` if that stays as it is.
    pub(crate) to: Option<Placement>,
    pub(crate) moves: Moves,
    pub(crate) lock: LockMode,
    /// Whether the server refuses it inside a transaction block.
    pub(crate) outside_transaction: bool,
}

#[derive(Clone, Copy)]
enum Target {
    /// By the column in the second argument.
    Column,
    /// By the column in the second argument, if there is one.
    Other,
    Fixed(Placement),
}

/// What a function does with the table in its first argument, or with all tables of the schema in it.
struct Act {
    function: &'static str,
    of_schema: bool,
    target: Target,
    moves: Moves,
}

const fn act(function: &'static str, target: Target, moves: Moves) -> Act {
    Act {
        function,
        of_schema: false,
        target,
        moves,
    }
}

const fn of_schema(act: Act) -> Act {
    Act {
        of_schema: true,
        ..act
    }
}

const REFERENCE: Target = Target::Fixed(Placement::Reference);
const LOCAL: Target = Target::Fixed(Placement::Local);
const SCHEMA: Target = Target::Fixed(Placement::Schema);

const ACTS: [Act; 9] = [
    act("create_distributed_table", Target::Column, Moves::Copies),
    act(CONCURRENTLY, Target::Column, Moves::Copies),
    act("create_reference_table", REFERENCE, Moves::Copies),
    act("citus_add_local_table_to_metadata", LOCAL, Moves::Nothing),
    act("create_citus_local_table", LOCAL, Moves::Nothing),
    act("alter_distributed_table", Target::Other, Moves::Replaces),
    act("undistribute_table", LOCAL, Moves::Replaces),
    of_schema(act("citus_schema_distribute", SCHEMA, Moves::Copies)),
    of_schema(act("citus_schema_undistribute", LOCAL, Moves::Replaces)),
];

/// The one that PostgreSQL refuses inside a transaction block.
const CONCURRENTLY: &str = "create_distributed_table_concurrently";

impl Schema {
    /// What a call does with tables, if it is one of a function that distributes, and its arguments are constants.
    pub(crate) fn distribution(&self, call: &Call) -> Option<Distribution<'_>> {
        let is_catalogued = call
            .schema
            .as_deref()
            .is_none_or(|schema| schema == "pg_catalog");
        let known = ACTS.iter().find(|act| act.function == call.name);
        let act = known.filter(|_| is_catalogued)?;
        let first = call.constant(0)?;
        let tables: Vec<&Relation> = match act.of_schema {
            true => {
                let schema = Name::part(first).filter(|schema| *schema == self.own)?;
                let tables = self.relations().filter(|one| {
                    matches!(one.kind, ObjectKind::Table | ObjectKind::ForeignTable)
                        && one.name.schema == schema
                });
                tables.collect()
            }
            false => vec![self.relation(&self.table_named(first)?)?],
        };
        let to = match act.target {
            Target::Fixed(placement) => Some(placement),
            Target::Column | Target::Other => {
                let column = call.constant(1).and_then(Name::part);
                let column = column.and_then(|column| tables.first()?.column(&column));
                let to = column.map(|column| Placement::By(column.id));
                if to.is_none() && matches!(act.target, Target::Column) {
                    return None;
                }
                to
            }
        };
        Some(Distribution {
            tables,
            to,
            moves: act.moves,
            lock: changing(&call.name)?.lock?,
            outside_transaction: call.name == CONCURRENTLY,
        })
    }

    fn table_named(&self, text: &str) -> Option<Name> {
        match text.contains('.') {
            true => Name::read(text),
            false => Some(Name {
                schema: self.own.clone(),
                name: Name::part(text)?,
            }),
        }
    }

    /// Applies a call that distributes; false if it is not one, or not one that is understood.
    pub(super) fn distribute(&mut self, call: &Call) -> bool {
        let Some(distribution) = self.distribution(call) else {
            return false;
        };
        let to = distribution.to;
        let ids: Vec<_> = distribution.tables.iter().map(|table| table.id).collect();
        for id in ids.into_iter().filter(|_| to.is_some()) {
            if let Some(table) = self.relations.get_mut(&id) {
                table.placement = to;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_says_where_the_rows_are() {
        let after = |calls: &str| {
            let made = format!("CREATE TABLE t (id int, tenant_id uuid, \"Ort\" text); {calls}");
            let schema = Schema::after("app", &[&made]);
            let table = schema.relations().next().unwrap();
            let column = match table.placement {
                Some(Placement::By(id)) => table.name_of(id),
                _ => None,
            };
            let certain = schema.is_certain(&table.name, &table.origin);
            (column.map(str::to_owned), table.placement, certain)
        };
        for (calls, column) in [
            (
                "SELECT create_distributed_table('t', 'tenant_id');",
                "tenant_id",
            ),
            (
                "SELECT pg_catalog.create_distributed_table('app.t'::regclass, 'TENANT_ID', 'hash');",
                "tenant_id",
            ),
            (
                "DO $$ BEGIN PERFORM create_distributed_table('app.t', '\"Ort\"'); END $$;",
                "Ort",
            ),
            (
                "SELECT create_distributed_table_concurrently('t', 'id', colocate_with => 'none');",
                "id",
            ),
            (
                "SELECT create_distributed_table('t', 'tenant_id'); SELECT alter_distributed_table('t', shard_count := 4);",
                "tenant_id",
            ),
        ] {
            let (found, _, certain) = after(calls);
            assert_eq!((found.as_deref(), certain), (Some(column), true), "{calls}");
        }
        for (calls, placement) in [
            ("SELECT create_reference_table('t');", Placement::Reference),
            ("SELECT citus_schema_distribute('app');", Placement::Schema),
            (
                "SELECT create_reference_table('t'); SELECT undistribute_table('t', cascade_via_foreign_keys => true);",
                Placement::Local,
            ),
        ] {
            assert_eq!(after(calls), (None, Some(placement), true), "{calls}");
        }
        for calls in [
            "SELECT create_distributed_table(oid, 'tenant_id') FROM pg_class;",
            "SELECT create_distributed_table('t', NULL);",
            "SELECT create_reference_table('other.t');",
            "SELECT citus_schema_distribute('other');",
            "SELECT rebalance_table_shards('t');",
        ] {
            assert_eq!(after(calls), (None, None, false), "{calls}");
        }
    }
}
