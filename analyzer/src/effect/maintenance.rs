//! Effects of `VACUUM`, `ANALYZE`, `CLUSTER` and `REINDEX`.

use super::LockMode::{self, AccessExclusive, Share};
use super::builder::{EffectBuilder, name_of};
use crate::statement::{Command, Name, ObjectKind};

impl EffectBuilder<'_> {
    /// One table or index, or all of them.
    pub(super) fn maintain(
        &mut self,
        command: Command,
        object: Option<&Name>,
        table: LockMode,
        index: LockMode,
    ) {
        let all = || {
            let tables = self
                .schema
                .relations()
                .filter(|one| one.kind != ObjectKind::View);
            tables.map(|one| one.name.clone()).collect()
        };
        let reindexes = matches!(command, Command::Reindex { .. });
        let concurrently = matches!(
            command,
            Command::Reindex {
                concurrently: true,
                ..
            }
        );
        let names: Vec<Name> = object.map_or_else(all, |name| vec![name.clone()]);
        for name in names {
            if reindexes && let Some(of) = self.schema.table_of_index(&name) {
                self.lock(&of.name, table);
                self.rebuild(&name, index, concurrently);
                continue;
            }
            self.lock(&name, table);
            for member in self.partitions(&name) {
                self.lock(&member.name, table);
                // The index of a partitioned table has no contents.
                let skips = command == Command::Analyze && member.partition_by.is_some();
                for one in member.indexes.iter().filter(|_| !skips) {
                    let name = name_of(member, one);
                    if reindexes {
                        self.rebuild(&name, index, concurrently);
                    } else {
                        self.lock_index(&name, index);
                    }
                }
                if index == AccessExclusive && !reindexes {
                    self.rewrite(member);
                }
            }
        }
    }

    /// The tables of a schema, or all, one after the other.
    pub(super) fn reindex_all(&mut self, schema: Option<&str>) {
        for table in self.schema.relations() {
            let is_meant = schema.is_none_or(|schema| table.name.schema == schema);
            if is_meant && !table.indexes.is_empty() && table.partition_by.is_none() {
                self.lock(&table.name, Share);
                for index in &table.indexes {
                    self.rebuild(&name_of(table, index), AccessExclusive, false);
                }
            }
        }
    }

    /// With `CONCURRENTLY`, the rebuilt index is a new index with its own file and OID.
    fn rebuild(&mut self, index: &Name, mode: LockMode, concurrently: bool) {
        self.lock_index(index, mode);
        if !concurrently {
            self.rewrite_alone(index);
        }
        self.build(index.clone());
    }
}
