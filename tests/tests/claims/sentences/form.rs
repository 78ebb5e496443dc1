//! Grammars as data: what a generator walks, whatever notation they are written in.

use std::collections::BTreeMap;

/// The right side of a rule.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// A word, a sign, or a class of words such as `col_id`.
    Token(String),
    Rule(String),
    Sequence(Vec<Form>),
    Choice(Vec<Form>),
    Optional(Box<Form>),
    Repeat(Box<Form>),
    List(Box<Form>),
    /// What stands before something else, of which the grammar says no more.
    Any,
}

/// The rules of a grammar, by name.
#[derive(Debug, Default)]
pub(super) struct Grammar {
    pub(super) rules: BTreeMap<String, Form>,
    /// How deeply the shortest sentence of each rule is nested.
    depths: BTreeMap<String, usize>,
}

impl Grammar {
    pub(super) fn new(rules: BTreeMap<String, Form>) -> Self {
        let mut grammar = Self {
            rules,
            depths: BTreeMap::new(),
        };
        while grammar.deepen() {}
        grammar
    }

    /// Finds depths from those that are known, until there is nothing new.
    fn deepen(&mut self) -> bool {
        let mut found = Vec::new();
        for (name, form) in &self.rules {
            let depth = self.depth(form).map(|depth| depth + 1);
            if let Some(depth) = depth
                && self.depths.get(name).is_none_or(|known| *known > depth)
            {
                found.push((name.clone(), depth));
            }
        }
        let is_new = !found.is_empty();
        self.depths.extend(found);
        is_new
    }

    /// How deeply the shortest sentence of a form is nested; `None` while it is not known.
    pub(super) fn depth(&self, form: &Form) -> Option<usize> {
        match form {
            Form::Token(_) | Form::Optional(_) | Form::Repeat(_) | Form::Any => Some(0),
            Form::Rule(name) => self.depths.get(name).copied(),
            Form::List(inner) => self.depth(inner),
            Form::Sequence(items) => items
                .iter()
                .try_fold(0, |deepest, item| Some(deepest.max(self.depth(item)?))),
            Form::Choice(forms) => forms.iter().filter_map(|one| self.depth(one)).min(),
        }
    }
}
