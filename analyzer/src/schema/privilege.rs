//! Which tables some role may write, as far as the files grant it.

use super::{RelationId, Schema};
use crate::statement::{Grant, ObjectKind, Privileged};

impl Schema {
    /// Whether the files grant a role to add rows to the table or to change them.
    pub(crate) fn is_writable(&self, table: RelationId) -> bool {
        let mut writers = self.writers.range((table, String::new())..);
        writers.next().is_some_and(|(id, _)| *id == table)
    }

    /// `GRANT` and `REVOKE`. Default privileges are not followed: they depend on the role that creates the table.
    pub(super) fn grant(&mut self, grant: &Grant) {
        let privileges = &grant.privileges;
        let writes = privileges.is_empty()
            || privileges
                .iter()
                .any(|one| matches!(one.as_str(), "INSERT" | "UPDATE"));
        // Of several privileges to write, one may be left.
        let takes_all = privileges.is_empty()
            || ["INSERT", "UPDATE"]
                .map(str::to_owned)
                .iter()
                .all(|one| privileges.contains(one));
        let counts = if grant.revoke { takes_all } else { writes };
        if !counts || grant.revoke && grant.option {
            return;
        }
        for table in self.granted(&grant.on) {
            for role in &grant.grantees {
                let writer = (table, role.clone());
                match grant.revoke {
                    true => self.writers.remove(&writer),
                    false => self.writers.insert(writer),
                };
            }
        }
    }

    fn granted(&self, on: &Privileged) -> Vec<RelationId> {
        match on {
            Privileged::Objects {
                kind: ObjectKind::Table,
                names,
            } => names.iter().filter_map(|name| self.id(name)).collect(),
            Privileged::AllIn {
                schemas,
                kind: ObjectKind::Table,
            } => {
                let relations = self.relations.values();
                let inside = relations.filter(|one| schemas.contains(&one.name.schema));
                inside.map(|one| one.id).collect()
            }
            Privileged::Objects { .. }
            | Privileged::AllIn { .. }
            | Privileged::Future { .. }
            | Privileged::Roles => Vec::new(),
        }
    }
}
