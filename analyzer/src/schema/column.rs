//! Columns: how they are added, copied and changed.

use super::{Column, ColumnId, Origin, Relation, RelationId, Schema};
use crate::statement::{self, ColumnAction, ColumnValue, DataType, Name};

impl Schema {
    /// `ADD COLUMN`, also on all tables that inherit from this one.
    pub(super) fn add_column(&mut self, table: &Name, column: &statement::Column, origin: &Origin) {
        let Some(id) = self.id(table) else { return };
        let has = |known: &super::Relation| known.column(&column.name).is_some();
        if self.relation(table).is_some_and(has) {
            return;
        }
        let sequence = self.sequence_of(table, &column.name, &column.value, origin);
        for id in self.family(id) {
            self.push_column(id, column, origin);
        }
        self.own(sequence, id, &column.name);
        let constraints: Vec<&statement::Constraint> = column.constraints.iter().collect();
        self.add_constraints(id, &constraints, true, origin);
    }

    /// The columns of a new table.
    pub(super) fn push_columns(
        &mut self,
        id: RelationId,
        columns: &[statement::Column],
        origin: &Origin,
    ) {
        let is_bare = |relation: &Relation| relation.columns.is_empty();
        let are_new = self.relations.get(&id).is_some_and(is_bare) && are_distinct(columns);
        for column in columns {
            let origin = origin.at(&column.span);
            if !are_new {
                self.push_column(id, column, &origin);
                continue;
            }
            let new = self.written(column, &origin);
            if let Some(relation) = self.relations.get_mut(&id) {
                relation.columns.push(new);
            }
        }
    }

    fn written(&mut self, column: &statement::Column, origin: &Origin) -> Column {
        Column {
            id: ColumnId(self.fresh()),
            name: column.name.clone(),
            data_type: Some(column.data_type.clone()),
            collation: column.collation.clone(),
            not_null: column.not_null,
            value: column.value.clone(),
            origin: origin.clone(),
        }
    }

    /// Adds a column as it is defined. If it is inherited already, the definition is merged into it.
    fn push_column(&mut self, id: RelationId, column: &statement::Column, origin: &Origin) {
        let new = self.written(column, origin);
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        match relation.column_mut(&column.name) {
            Some(known) => {
                known.not_null |= new.not_null;
                if new.value != ColumnValue::None {
                    known.value = new.value;
                }
            }
            None => relation.columns.push(new),
        }
    }

    /// A copy of a column of another table, with an identity of its own.
    pub(super) fn copy_column(&mut self, id: RelationId, column: Column) {
        let new = ColumnId(self.fresh());
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        match relation.column_mut(&column.name) {
            Some(known) => known.not_null |= column.not_null,
            None => relation.columns.push(Column { id: new, ..column }),
        }
    }

    /// Changes the column of a table and of all tables that inherit from it.
    pub(super) fn change_column(
        &mut self,
        table: &Name,
        column: &str,
        change: impl Fn(&mut Column),
    ) {
        let Some(id) = self.id(table) else { return };
        for id in self.family(id) {
            let relation = self.relations.get_mut(&id);
            if let Some(column) = relation.and_then(|relation| relation.column_mut(column)) {
                change(column);
            }
        }
    }

    pub(super) fn change_type(
        &mut self,
        table: &Name,
        column: &str,
        data_type: &DataType,
        collation: Option<&Name>,
    ) {
        self.change_column(table, column, |column| {
            column.data_type = Some(data_type.clone());
            column.collation = collation.cloned();
        });
    }

    pub(super) fn alter_column(
        &mut self,
        table: &Name,
        column: &str,
        action: &ColumnAction,
        origin: &Origin,
    ) {
        let value = match action {
            ColumnAction::SetDefault(value) => ColumnValue::Default(value.clone()),
            ColumnAction::DropDefault | ColumnAction::DropExpression { .. } => ColumnValue::None,
            ColumnAction::SetExpression(expression) => {
                let set = |column: &mut Column| {
                    if let ColumnValue::Generated {
                        expression: old, ..
                    } = &mut column.value
                    {
                        old.clone_from(expression);
                    }
                };
                return self.change_column(table, column, set);
            }
            ColumnAction::AddIdentity(identity) => ColumnValue::Identity(identity.clone()),
            ColumnAction::SetIdentity { always, .. } => {
                let set = |column: &mut Column| {
                    if let (ColumnValue::Identity(identity), Some(always)) =
                        (&mut column.value, always)
                    {
                        identity.always = *always;
                    }
                };
                return self.change_column(table, column, set);
            }
            ColumnAction::DropIdentity { .. } => {
                let named = self.column(table, column).map(|column| column.id);
                if let Some(id) = named {
                    self.drop_sequences(&[id]);
                }
                ColumnValue::None
            }
            ColumnAction::Statistics(_)
            | ColumnAction::Storage(_)
            | ColumnAction::Compression(_)
            | ColumnAction::SetParameters(_)
            | ColumnAction::ResetParameters(_)
            | ColumnAction::Options => return,
        };
        if let Some(id) = self.id(table) {
            let sequence = self.sequence_of(table, column, &value, origin);
            self.own(sequence, id, column);
        }
        self.change_column(table, column, |column| column.value = value.clone());
    }

    /// The sequence of a `serial` or identity column, which PostgreSQL creates before the table.
    pub(super) fn sequence_of(
        &mut self,
        table: &Name,
        column: &str,
        value: &ColumnValue,
        origin: &Origin,
    ) -> Option<Name> {
        let written = match value {
            ColumnValue::None | ColumnValue::Default(_) | ColumnValue::Generated { .. } => {
                return None;
            }
            ColumnValue::Serial => None,
            ColumnValue::Identity(identity) => {
                let mut options = identity.options.iter();
                let option = options.find(|option| option.name == "sequence name");
                option.and_then(|option| option.value.clone())
            }
        };
        let generated = || self.choose_relation_name(table, column, "seq", false);
        let name = written.map_or_else(generated, |written| {
            let bare = written.rsplit('.').next().unwrap_or_default();
            bare.trim_matches('"').to_owned()
        });
        let name = Name {
            schema: table.schema.clone(),
            name,
        };
        self.create_sequence(&name, origin);
        Some(name)
    }

    /// Gives the sequence to the column for which it was created.
    pub(super) fn own(&mut self, sequence: Option<Name>, id: RelationId, column: &str) {
        let Some(name) = sequence else { return };
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        let owner = relation.column(column).map(|column| (id, column.id));
        if let Some((_, column)) = owner {
            self.note_sequence(column, &name);
        }
        if let Some(sequence) = self.sequences.get_mut(&name) {
            sequence.owner = owner;
        }
    }
}

fn are_distinct(columns: &[statement::Column]) -> bool {
    let mut names: Vec<&str> = Vec::with_capacity(columns.len());
    for column in columns {
        names.push(&column.name);
    }
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}
