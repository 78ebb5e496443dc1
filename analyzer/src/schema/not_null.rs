//! `NOT NULL` constraints, which have names since PostgreSQL 18.
//!
//! Measured on PostgreSQL 18: a table of `INHERITS` and a partition get the name of the table above, a
//! copy by `LIKE` that of its source, and a name never follows a rename.

use super::{ColumnId, Constraint, ConstraintKind, Origin, Relation, RelationId, Schema};
use crate::statement::{Name, ObjectKind};

/// The first version with names.
const NAMED: u8 = 18;

impl Schema {
    /// For a module that runs on this major version or a newer one.
    pub(crate) fn on(mut self, major: u8) -> Self {
        self.major = major;
        self
    }

    pub(super) const fn names_not_null(&self) -> bool {
        self.major >= NAMED
    }

    /// Gives a constraint to each column of the table that is `NOT NULL` and has none, and takes that of
    /// the columns that are nullable now.
    pub(super) fn name_not_nulls(&mut self, table: &Name, origin: &Origin) {
        if !self.names_not_null() {
            return;
        }
        let Some(id) = self.id(table) else { return };
        for id in self.family(id) {
            let Some(relation) = self.relations.get_mut(&id) else {
                continue;
            };
            if !matches!(relation.kind, ObjectKind::Table | ObjectKind::ForeignTable) {
                continue;
            }
            let columns = &relation.columns;
            relation.constraints.retain(|one| {
                let is_required =
                    |column: &super::Column| column.not_null && one.columns.contains(&column.id);
                one.kind != ConstraintKind::NotNull || columns.iter().any(is_required)
            });
            let required = relation.columns.iter().filter(|column| column.not_null);
            let bare = required.filter(|column| {
                let mut constraints = relation.constraints.iter();
                !constraints.any(|one| {
                    one.kind == ConstraintKind::NotNull && one.columns.contains(&column.id)
                })
            });
            let bare: Vec<(ColumnId, String)> = bare
                .map(|column| (column.id, column.name.clone()))
                .collect();
            for (column, name) in bare {
                self.name_not_null(id, column, &name, origin);
            }
        }
    }

    fn name_not_null(&mut self, id: RelationId, column: ColumnId, name: &str, origin: &Origin) {
        let Some(table) = self.relations.get(&id).map(|one| one.name.clone()) else {
            return;
        };
        let constraint = Constraint {
            name: self.choose_constraint_name(&table.schema, &table.name, name, "not_null"),
            kind: ConstraintKind::NotNull,
            columns: vec![column],
            valid: true,
            enforced: true,
            deferrable: false,
            initially_deferred: false,
            no_inherit: false,
            origin: origin.clone(),
        };
        self.hold(id, constraint, origin);
    }
}

/// The column of a dropped constraint is nullable, unless it is in the primary key: then PostgreSQL
/// refuses the drop.
pub(super) fn make_nullable(relation: &mut Relation, dropped: &Constraint) {
    let key = relation.primary_key().to_vec();
    let freed = relation
        .columns
        .iter_mut()
        .filter(|column| dropped.columns.contains(&column.id) && !key.contains(&column.id));
    freed.for_each(|column| column.not_null = false);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::lower;
    use crate::text::split::split;

    /// The names of the `NOT NULL` constraints of each table, sorted.
    fn names(major: u8, text: &str) -> Vec<String> {
        let mut schema = Schema::new("app").on(major);
        for raw in &split(text).statements {
            schema.run(0, &lower(text, raw, "app"));
        }
        let mut names: Vec<String> = schema
            .relations()
            .flat_map(|table| {
                let constraints = table.constraints.iter();
                let named = constraints.filter(|one| one.kind == ConstraintKind::NotNull);
                named.map(|one| format!("{} {}", table.name.name, one.name))
            })
            .collect();
        names.sort();
        names
    }

    /// Measured on PostgreSQL 18.
    #[test]
    fn names_are_those_of_the_server() {
        let text = "
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL, b text, c int);
            CREATE TABLE u (LIKE t INCLUDING ALL);
            CREATE TABLE k () INHERITS (t);
            CREATE TABLE s (id serial, x int CONSTRAINT xx NOT NULL);
            CREATE TABLE p (id int NOT NULL) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
            CREATE TABLE p2 (id int NOT NULL);
            ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (19);
            ALTER TABLE t RENAME a TO a2;
            ALTER TABLE t ALTER b SET NOT NULL;
            ALTER TABLE t RENAME TO t9;
            ALTER TABLE t9 ALTER c SET NOT NULL;
            CREATE TABLE d (a int PRIMARY KEY, b int UNIQUE NOT NULL);
            ALTER TABLE d DROP CONSTRAINT d_pkey;
            ALTER TABLE d ALTER b DROP NOT NULL;
            ALTER TABLE d ADD e int NOT NULL DEFAULT 1;
            CREATE TABLE g (a int NOT NULL, CONSTRAINT g_a_not_null CHECK (a > 0));
            CREATE TABLE v (a int);
            ALTER TABLE v ADD CONSTRAINT vn NOT NULL a NOT VALID;
        ";
        let expected = "d d_a_not_null, d d_e_not_null, g g_a_not_null1, k t9_c_not_null, k t_a_not_null, \
                        k t_b_not_null, k t_id_not_null, p p_id_not_null, p1 p_id_not_null, \
                        p2 p2_id_not_null, s s_id_not_null, s xx, t9 t9_c_not_null, t9 t_a_not_null, \
                        t9 t_b_not_null, t9 t_id_not_null, u t_a_not_null, u t_id_not_null, v vn";
        assert_eq!(names(18, text).join(", "), expected);
        assert_eq!(
            names(17, text).join(", "),
            "s xx, v vn",
            "only those that are written"
        );
    }

    #[test]
    fn a_dropped_constraint_makes_the_column_nullable() {
        let text = "CREATE TABLE t (a int NOT NULL); ALTER TABLE t DROP CONSTRAINT t_a_not_null;";
        assert!(names(18, text).is_empty());
        let text =
            "CREATE TABLE t (a int NOT NULL); ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO b;";
        assert_eq!(names(18, text), ["t b"]);
    }
}
