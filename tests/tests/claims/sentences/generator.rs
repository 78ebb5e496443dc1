//! Sentences of a grammar: random ones of bounded depth, in which what was used less is used next.

use std::collections::BTreeMap;

use super::form::{Form, Grammar};

/// Numbers that look random and are the same for the same seed.
#[derive(Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    /// A number below `limit` (xorshift64*).
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or_default() % limit.max(1)
    }

    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// A longer sentence is given up: it says no more than its parts.
const LONGEST: usize = 60;

pub(super) struct Generator<'a> {
    grammar: &'a Grammar,
    /// What stands for a token of the grammar.
    spell: fn(&str, &mut Random) -> String,
    pub(super) random: Random,
    /// How often each alternative was taken, by the place of its form.
    uses: BTreeMap<(*const Form, usize), usize>,
}

impl<'a> Generator<'a> {
    pub(super) fn new(
        grammar: &'a Grammar,
        seed: u64,
        spell: fn(&str, &mut Random) -> String,
    ) -> Self {
        Self {
            grammar,
            spell,
            random: Random(seed),
            uses: BTreeMap::new(),
        }
    }

    /// The tokens of a sentence of this rule.
    pub(super) fn sentence(&mut self, rule: &str) -> Vec<String> {
        loop {
            let depth = 8 + self.random.below(8);
            let mut words = Vec::new();
            if let Some(form) = self.grammar.rules.get(rule)
                && self.form(form, depth, &mut words).is_some()
                && !words.is_empty()
            {
                return words;
            }
        }
    }

    fn form(&mut self, form: &'a Form, depth: usize, words: &mut Vec<String>) -> Option<()> {
        if words.len() > LONGEST {
            return None;
        }
        match form {
            Form::Token(token) => words.push((self.spell)(token, &mut self.random)),
            Form::Any => words.push("1".to_owned()),
            Form::Rule(name) => {
                let body = self.grammar.rules.get(name)?;
                self.form(body, depth.saturating_sub(1), words)?;
            }
            Form::Sequence(items) => {
                for item in items {
                    self.form(item, depth, words)?;
                }
            }
            Form::Choice(forms) => {
                let chosen = self.choose(form, forms, depth)?;
                self.form(chosen, depth, words)?;
            }
            Form::Optional(inner) => {
                if self.fits(inner, depth) && self.random.below(2) == 0 {
                    self.form(inner, depth, words)?;
                }
            }
            Form::Repeat(inner) => {
                while self.fits(inner, depth) && self.random.below(2) == 0 {
                    self.form(inner, depth, words)?;
                }
            }
            Form::List(inner) => {
                self.form(inner, depth, words)?;
                while self.fits(inner, depth) && self.random.below(3) == 0 {
                    words.push(",".to_owned());
                    self.form(inner, depth, words)?;
                }
            }
        }
        Some(())
    }

    fn fits(&self, form: &Form, depth: usize) -> bool {
        self.grammar
            .depth(form)
            .is_some_and(|needed| needed <= depth)
    }

    /// One of the alternatives that end in time, and of two the one that was used less.
    fn choose(&mut self, choice: &'a Form, forms: &'a [Form], depth: usize) -> Option<&'a Form> {
        let least = self.grammar.depth(choice)?;
        let fit: Vec<usize> = (0..forms.len())
            .filter(|at| self.fits(&forms[*at], depth.max(least)))
            .collect();
        let one = *self.random.pick(&fit)?;
        let other = *self.random.pick(&fit)?;
        let uses = |at: usize| self.uses.get(&(std::ptr::from_ref(choice), at)).copied();
        let chosen = if uses(one) <= uses(other) { one } else { other };
        *self
            .uses
            .entry((std::ptr::from_ref(choice), chosen))
            .or_default() += 1;
        forms.get(chosen)
    }
}
