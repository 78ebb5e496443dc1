//! Effects of adding, dropping and changing columns.

use super::LockMode::{AccessExclusive, ShareRowExclusive};
use super::builder::{EffectBuilder, name_of};
use super::lock_levels::{self, Reach};
use super::types::{self, Move};
use super::volatility::is_volatile;
use super::{Join, LockMode};
use crate::schema::{self, ConstraintKind, Relation, TypeKind};
use crate::statement::{
    self, Change, Column, ColumnAction, ColumnValue, DataType, Expression, Name, ObjectKind,
};

impl EffectBuilder<'_> {
    /// `ADD COLUMN`: rewrites the table if each row gets a value of its own, or if a domain checks the
    /// value.
    pub(super) fn add_column(&mut self, change: &Change, table: &Name, column: &Column) {
        self.lock_family(table, AccessExclusive);
        let family = self.family(table);
        let is_there = family
            .first()
            .is_some_and(|table| table.column(&column.name).is_some());
        if is_there {
            return;
        }
        let keys = column
            .constraints
            .iter()
            .filter_map(|constraint| match &constraint.kind {
                statement::ConstraintKind::ForeignKey(key) => Some((constraint, key)),
                statement::ConstraintKind::Check(_)
                | statement::ConstraintKind::NotNull { .. }
                | statement::ConstraintKind::PrimaryKey(_)
                | statement::ConstraintKind::Unique(_)
                | statement::ConstraintKind::Exclude { .. } => None,
            });
        for (constraint, key) in keys {
            for parent in self.locked_parents(&key.parent) {
                self.lock(&parent, ShareRowExclusive);
            }
            // Without a default the column is null, and null references nothing.
            let filled = match &column.value {
                ColumnValue::Default(_) | ColumnValue::Serial | ColumnValue::Generated { .. } => {
                    true
                }
                ColumnValue::None | ColumnValue::Identity(_) => false,
            };
            if filled && constraint.enforced {
                self.join(Join {
                    key: schema::name_of(constraint, table, [&column.name], "fkey"),
                    table: table.clone(),
                    parent: key.parent.clone(),
                });
            }
        }
        let rewrites = self.fills_each_row(column);
        if rewrites {
            let value = self.default_of(column);
            let advanced = value.map(|value| self.schema.sequences_in(value));
            for name in advanced.into_iter().flatten() {
                self.lock(&name, LockMode::RowExclusive);
            }
        }
        let has_default = self.default_of(column).is_some_and(|value| !value.is_null);
        let is_new_null = column.not_null && !has_default;
        let checks = column.constraints.iter().any(|constraint| {
            let is_check = matches!(constraint.kind, statement::ConstraintKind::Check(_));
            is_check && constraint.enforced
        });
        match family.is_empty() {
            true if rewrites => self.rewrite_alone(table),
            true if is_new_null || checks => self.scan_unknown(table),
            true => {}
            false => {
                for member in family {
                    match rewrites {
                        true => self.rewrite(member),
                        false if is_new_null || checks => self.scan(member),
                        false => {}
                    }
                }
            }
        }
        let is_key = |constraint: &statement::Constraint| {
            matches!(
                constraint.kind,
                statement::ConstraintKind::PrimaryKey(_) | statement::ConstraintKind::Unique(_)
            )
        };
        if column.constraints.iter().any(is_key) {
            self.build_new(change);
        }
    }

    fn fills_each_row(&self, column: &Column) -> bool {
        let by_value = match &column.value {
            ColumnValue::Serial | ColumnValue::Identity(_) => true,
            ColumnValue::Generated { stored, .. } => return *stored,
            ColumnValue::None | ColumnValue::Default(_) => {
                let value = self.default_of(column);
                value.is_some_and(|value| is_volatile(value, self.schema))
            }
        };
        by_value || types::may_check(&column.data_type, self.schema)
    }

    /// The default: that of the column, or of its domain.
    fn default_of<'c>(&'c self, column: &'c Column) -> Option<&'c Expression> {
        match &column.value {
            ColumnValue::Default(value) => Some(value),
            ColumnValue::Serial | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => None,
            ColumnValue::None => self.default_of_domain(&column.data_type),
        }
    }

    fn default_of_domain(&self, data_type: &DataType) -> Option<&Expression> {
        let known = self.schema.made_type(data_type)?;
        let TypeKind::Domain(domain) = &known.kind else {
            return None;
        };
        match &domain.value {
            ColumnValue::Default(value) => Some(value),
            ColumnValue::None
            | ColumnValue::Serial
            | ColumnValue::Identity(_)
            | ColumnValue::Generated { .. } => None,
        }
    }

    /// Drops its indexes, sequences and foreign keys too, and with `CASCADE` everything that depends on
    /// it.
    pub(super) fn drop_column(&mut self, table: &Name, column: &str) {
        self.lock_family(table, AccessExclusive);
        for member in self.family(table) {
            let Some(dropped) = member.column(column).map(|column| column.id) else {
                continue;
            };
            for index in member
                .indexes
                .iter()
                .filter(|one| one.columns.contains(&dropped))
            {
                self.lock_index(&name_of(member, index), AccessExclusive);
            }
            for (sequence, _) in self.owned(member, Some(dropped)) {
                self.lock(&sequence, AccessExclusive);
            }
            let mut constraints = member.constraints.iter();
            for key in constraints
                .by_ref()
                .filter(|one| one.columns.contains(&dropped))
            {
                self.lock_other_side(key, AccessExclusive);
            }
        }
    }

    /// `TYPE`: no work on the rows, or a rewrite; what depends on the column is recreated.
    pub(super) fn column_type(
        &mut self,
        table: &Name,
        column: &str,
        data_type: &DataType,
        collation: Option<&Name>,
        using: Option<&Expression>,
    ) {
        self.lock_family(table, AccessExclusive);
        let family = self.family(table);
        if family.is_empty() {
            return self.rewrite_alone(table);
        }
        for member in family {
            let known = member.column(column);
            let Some((known, from)) = known.and_then(|one| Some((one, one.data_type.as_ref()?)))
            else {
                self.rewrite(member);
                continue;
            };
            let change = Move {
                column,
                from,
                to: data_type,
                using,
                schema: self.schema,
            };
            // The sequence of an identity column has the column's type.
            if matches!(known.value, ColumnValue::Identity(_)) {
                for (sequence, _) in { self.schema.sequences_of(&member.name) }
                    .filter(|(_, column)| *column == known.id)
                {
                    self.lock(sequence, LockMode::ShareRowExclusive);
                    self.rewrite_alone(sequence);
                }
            }
            let rewrites = change.rewrites();
            let same_order = change.keeps_order() && known.collation.as_ref() == collation;
            if rewrites {
                self.rewrite(member);
            }
            for index in member
                .indexes
                .iter()
                .filter(|one| one.columns.contains(&known.id))
            {
                let name = name_of(member, index);
                self.lock_index(&name, AccessExclusive);
                self.replaces(&name);
                let is_plain =
                    index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some());
                let compares_again = rewrites || !same_order || !is_plain;
                if compares_again && member.partition_by.is_none() {
                    self.build(name);
                }
            }
            for constraint in member
                .constraints
                .iter()
                .filter(|one| one.columns.contains(&known.id))
            {
                match &constraint.kind {
                    ConstraintKind::Check { .. } if constraint.valid && !rewrites => {
                        self.scan(member);
                    }
                    ConstraintKind::ForeignKey { parent, .. } => {
                        self.lock_other_side(constraint, AccessExclusive);
                        // A rewrite checks every row against the referenced table again.
                        if (rewrites || !change.keeps_order()) && constraint.valid {
                            self.join(Join {
                                key: constraint.name.clone(),
                                table: member.name.clone(),
                                parent: self.now(parent),
                            });
                        }
                    }
                    ConstraintKind::Check { .. }
                    | ConstraintKind::NotNull
                    | ConstraintKind::PrimaryKey
                    | ConstraintKind::Unique
                    | ConstraintKind::Exclude(_) => {}
                }
            }
            let keeps_keys = change.keeps_order() && !rewrites;
            self.retype_referenced(member, known.id, keeps_keys);
        }
    }

    /// The foreign keys that reference the column are recreated with it.
    fn retype_referenced(
        &mut self,
        table: &Relation,
        column: crate::schema::ColumnId,
        keeps_keys: bool,
    ) {
        for (child, key) in self.schema.foreign_keys_to(&table.name) {
            let ConstraintKind::ForeignKey { parent_columns, .. } = &key.kind else {
                continue;
            };
            if parent_columns.contains(&column) {
                self.lock(&child.name, AccessExclusive);
                if !keeps_keys && key.valid {
                    self.join(Join {
                        key: key.name.clone(),
                        table: child.name.clone(),
                        parent: table.name.clone(),
                    });
                }
            }
        }
    }

    /// `SET NOT NULL` scans the table, unless the column is not null already or a valid `CHECK` proves
    /// it.
    pub(super) fn set_not_null(&mut self, table: &Name, column: &str) {
        self.lock_family(table, AccessExclusive);
        let family = self.family(table);
        if family.is_empty() {
            self.scan_unknown(table);
        }
        for member in family {
            if !self.holds_no_null(member, column) {
                self.scan(member);
            }
        }
    }

    pub(super) fn alter_column(&mut self, table: &Name, column: &str, action: &ColumnAction) {
        let level = lock_levels::of_column(action);
        match level.reach {
            Reach::Family => self.lock_family(table, level.mode),
            Reach::Alone => self.lock(table, level.mode),
        }
        match action {
            ColumnAction::SetExpression(_) => {
                let family = self.family(table);
                if family.is_empty() {
                    self.rewrite_alone(table);
                }
                for member in family {
                    let value = member.column(column).map(|column| &column.value);
                    if !matches!(value, Some(ColumnValue::Generated { stored: false, .. })) {
                        self.rewrite(member);
                    }
                }
            }
            ColumnAction::SetIdentity { options, .. } => {
                for sequence in self.sequences_over(table, column) {
                    self.lock(&sequence, ShareRowExclusive);
                    if !options.is_empty() {
                        self.rewrite_alone(&sequence);
                    }
                }
            }
            ColumnAction::DropIdentity { .. } => {
                for sequence in self.sequences_over(table, column) {
                    self.lock(&sequence, AccessExclusive);
                }
            }
            ColumnAction::SetDefault(_)
            | ColumnAction::DropDefault
            | ColumnAction::DropExpression { .. }
            | ColumnAction::AddIdentity(_)
            | ColumnAction::Statistics(_)
            | ColumnAction::Storage(_)
            | ColumnAction::Compression(_)
            | ColumnAction::SetParameters(_)
            | ColumnAction::ResetParameters(_)
            | ColumnAction::Options => {}
        }
    }

    fn sequences_over(&self, table: &Name, column: &str) -> Vec<Name> {
        let Some(relation) = self.schema.relation(table) else {
            return Vec::new();
        };
        let column = relation.column(column).map(|column| column.id);
        let owned = self.owned(relation, column).into_iter();
        owned.map(|(name, _)| name).collect()
    }

    /// The sequences of a table, or of one of its columns.
    pub(super) fn owned(
        &self,
        table: &Relation,
        column: Option<crate::schema::ColumnId>,
    ) -> Vec<(Name, crate::schema::ColumnId)> {
        let owned = self.schema.sequences_of(&table.name);
        let fits = owned.filter(|(_, owner)| column.is_none_or(|column| column == *owner));
        fits.map(|(name, owner)| (name.clone(), owner)).collect()
    }

    /// Whether `SET NOT NULL` has no rows to scan. In one `ALTER TABLE`, PostgreSQL drops constraints
    /// before that and validates them after it, wherever the actions are written.
    pub(super) fn holds_no_null(&self, table: &Relation, column: &str) -> bool {
        let beside = self.statement.clauses.iter();
        let is_too_late = |name: &String| {
            beside.clone().any(|clause| {
                matches!(
                    &clause.change,
                    Change::Drop {
                        kind: ObjectKind::Constraint,
                        part: Some(constraint),
                        ..
                    } | Change::ValidateConstraint { constraint, .. } if constraint == name
                )
            })
        };
        let mut proofs = self.schema.proofs_of_not_null(table, column);
        table.is_surely_not_null(column) || proofs.any(|proof| !is_too_late(&proof.name))
    }
}
