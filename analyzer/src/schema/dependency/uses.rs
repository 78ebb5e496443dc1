//! The names of a definition, resolved when the object is created.

use std::collections::BTreeSet;

use crate::schema::lookup::Link;
use crate::schema::{ColumnId, Reference, Relation, RelationId, Schema};
use crate::statement::{DataType, Expression, Name, NamedColumn, Reading};

/// What a view, a policy, a rule, a trigger or a routine certainly uses. A rename changes nothing here.
///
/// ```
/// use onward_analyzer::schema::Schema;
///
/// let schema = Schema::after("a", &["CREATE TABLE t (b int, c int); CREATE VIEW v AS SELECT b FROM t;"]);
/// let view = schema.relations().last().expect("v is there");
/// assert_eq!(view.uses.columns.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The relations.
    pub relations: BTreeSet<RelationId>,
    /// The columns.
    pub columns: BTreeSet<ColumnId>,
    /// The types, also the row types of relations.
    pub types: BTreeSet<Name>,
    /// The routines.
    pub routines: BTreeSet<Name>,
    /// The names of columns that may belong to one of the relations or to something else.
    pub doubtful: BTreeSet<String>,
}

impl Schema {
    /// What the names of a definition stand for at this point.
    pub(in crate::schema) fn uses(&self, reading: &Reading) -> Uses {
        let mut uses = Uses {
            relations: reading
                .relations
                .iter()
                .filter_map(|name| self.id(name))
                .collect(),
            types: reading.types.iter().cloned().collect(),
            routines: reading
                .calls
                .iter()
                .map(|(of, name)| self.routine_name(of.as_deref(), name))
                .collect(),
            ..Uses::default()
        };
        let starred = reading.stars.iter().filter_map(|name| self.relation(name));
        for column in starred.flat_map(|relation| &relation.columns) {
            uses.columns.insert(column.id);
        }
        for named in &reading.columns {
            self.resolve(named, &mut uses);
        }
        uses
    }

    /// A query that can have the column decides: the innermost one comes first. Two relations of it have
    /// the column only if `USING` merges them.
    fn resolve(&self, named: &NamedColumn, uses: &mut Uses) {
        for scope in &named.among {
            let known = scope.iter().map(|table| self.relation(table.as_ref()?));
            let known: Vec<Option<&Relation>> = known.collect();
            let columns = known
                .iter()
                .flatten()
                .filter_map(|table| table.column(&named.column));
            let ids: Vec<ColumnId> = columns.map(|column| column.id).collect();
            if !ids.is_empty() {
                return uses.columns.extend(ids);
            }
            if known
                .iter()
                .any(|table| table.is_none_or(|table| !table.columns_known))
            {
                uses.doubtful.insert(named.column.clone());
                return;
            }
        }
    }

    /// Records that a part of a table uses these relations.
    pub(in crate::schema) fn note_users(&mut self, table: &Name, uses: &[Uses; 2]) {
        let Some(id) = self.id(table) else { return };
        for used in uses.iter().flat_map(|uses| &uses.relations) {
            let used = Reference {
                id: Some(*used),
                name: Name::default(),
            };
            self.note_reference(id, Link::Query, &used);
        }
    }

    /// The name of a routine, in the module's schema if none is written.
    pub(in crate::schema) fn routine_name(&self, of: Option<&str>, name: &str) -> Name {
        Name {
            schema: of.unwrap_or(&self.own).to_owned(),
            name: name.to_owned(),
        }
    }

    /// The name of a type, resolved as in the module; `None` for PostgreSQL's own types.
    pub(in crate::schema) fn type_name(&self, data_type: &DataType) -> Option<Name> {
        let schema = data_type.schema.as_ref().unwrap_or(&self.own);
        (!data_type.is_built_in()).then(|| Name {
            schema: schema.clone(),
            name: data_type.name.clone(),
        })
    }

    /// The sequences that an expression advances: `nextval('s')`.
    pub(crate) fn sequences_in(&self, expression: &Expression) -> Vec<Name> {
        let calls = expression.calls.iter();
        let advancing = calls.filter(|call| matches!(call.name.as_str(), "nextval" | "setval"));
        let named = advancing.filter_map(|call| {
            let written = call.constant(0)?;
            Some(match written.split_once('.') {
                Some((of, name)) => Name {
                    schema: folded(of),
                    name: folded(name),
                },
                None => self.own_name(&folded(written)),
            })
        });
        named.collect()
    }

    /// Renames a type or a routine where definitions use it.
    pub(in crate::schema) fn rename_used(
        &mut self,
        of: fn(&mut Uses) -> &mut BTreeSet<Name>,
        from: &Name,
        to: &Name,
    ) {
        let renamed = |uses: &mut Uses| {
            let names = of(uses);
            if names.remove(from) {
                names.insert(to.clone());
            }
        };
        for relation in self.relations.values_mut() {
            renamed(&mut relation.uses);
            let parts = relation.policies.iter_mut().flat_map(|one| &mut one.uses);
            let parts = parts.chain(relation.rules.iter_mut().flat_map(|one| &mut one.uses));
            parts.for_each(renamed);
        }
        let uses = |routine: &crate::schema::Routine| {
            !routine.uses.types.is_empty() || !routine.uses.routines.is_empty()
        };
        if self.routines.values().flatten().any(uses) {
            let routines = std::sync::Arc::make_mut(&mut self.routines);
            routines
                .values_mut()
                .flatten()
                .for_each(|one| renamed(&mut one.uses));
        }
    }
}

fn folded(written: &str) -> String {
    let quoted = written
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    quoted.map_or_else(|| written.to_ascii_lowercase(), str::to_owned)
}
