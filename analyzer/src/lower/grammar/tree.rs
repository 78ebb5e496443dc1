//! The result of matching a statement: a tree of the grammar rules that become nodes.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::ops::Range;

use super::matching::{Mark, Newer};
use super::syntax::Syntax;
use super::terminals::Terminal;
use crate::statement::Needs;

/// The tokens of a statement, and the nodes above them.
pub(in crate::lower) struct Tree<'a> {
    pub(super) text: &'a str,
    /// The offset of the text in the file.
    pub(super) base: usize,
    pub(super) terminals: Vec<Terminal>,
    pub(super) marks: Vec<Mark>,
    pub(super) newer: Vec<Newer>,
    /// For each token that opens parentheses or brackets, the one that closes them; found when asked for.
    pub(super) closing: OnceCell<Vec<u32>>,
}

/// A node: a grammar rule, where it matched.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Node<'a> {
    tree: &'a Tree<'a>,
    at: usize,
}

/// A part of a node.
#[derive(Clone, Copy)]
pub(in crate::lower) enum Item<'a> {
    Node(Node<'a>),
    /// A token that is in none of the inner nodes.
    Token(Word<'a>),
}

/// One token.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Word<'a> {
    tree: &'a Tree<'a>,
    at: usize,
}

impl Tree<'_> {
    /// The whole statement.
    pub(in crate::lower) fn root(&self) -> Option<Node<'_>> {
        (!self.marks.is_empty()).then_some(Node { tree: self, at: 0 })
    }

    /// What is newer than PostgreSQL 15: the newest version, and the first place that needs it.
    pub(in crate::lower) fn needs(&self) -> Option<Needs> {
        let clauses = self.newer.iter();
        let clauses = clauses.map(|newer| (newer.version, newer.start as usize));
        let numbers = self.terminals.iter().enumerate();
        let numbers = numbers.filter(|(_, terminal)| terminal.is_new_number(self.text));
        let all = clauses.chain(numbers.map(|(at, _)| (16, at)));
        let (version, at) = all.min_by_key(|(version, at)| (Reverse(*version), *at))?;
        let span = self.terminals.get(at).map_or(0..0, Terminal::span);
        let span = self.base + span.start..self.base + span.end;
        Some(Needs { version, span })
    }

    /// The token that closes what the one at this place opens.
    fn closing(&self, at: usize) -> Option<usize> {
        let closing = self.closing.get_or_init(|| self.pairs());
        let close = closing.get(at).copied().filter(|close| *close > 0)?;
        usize::try_from(close).ok()
    }

    fn pairs(&self) -> Vec<u32> {
        let mut closing = vec![0; self.terminals.len()];
        let mut open = Vec::new();
        for at in 0..self.terminals.len() {
            match self.word(at) {
                "(" | "[" => open.push(at),
                ")" | "]" => {
                    if let Some(opened) = open.pop().and_then(|at: usize| closing.get_mut(at)) {
                        *opened = u32::try_from(at).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        closing
    }

    fn word(&self, at: usize) -> &str {
        match self.terminals.get(at) {
            Some(terminal) => self.text.get(terminal.span()).unwrap_or_default(),
            None => "",
        }
    }

    /// Whether the tokens contain these words, in upper case and in sequence. A compiler calls this for every
    /// statement, and its own program is not optimised: so it looks at lengths before it looks at letters.
    fn says_between(
        &self,
        (first, rest): (&str, Option<&str>),
        mut start: usize,
        end: usize,
    ) -> bool {
        while start < end && start < self.terminals.len() {
            let is_as_long = self.terminals[start].len() == first.len();
            start += 1;
            if is_as_long && self.word(start - 1).eq_ignore_ascii_case(first) {
                match rest {
                    Some(rest) if !self.begins(rest, start, end) => {}
                    Some(_) | None => return true,
                }
            }
        }
        false
    }

    /// Whether the tokens begin with these words, in upper case.
    fn begins(&self, phrase: &str, start: usize, end: usize) -> bool {
        phrase
            .split(' ')
            .enumerate()
            .all(|(n, word)| start + n < end && self.word(start + n).eq_ignore_ascii_case(word))
    }
}

impl<'a> Word<'a> {
    pub(in crate::lower) fn text(self) -> &'a str {
        self.tree.word(self.at)
    }

    pub(in crate::lower) fn is(self, word: &str) -> bool {
        let text = self.text();
        text.len() == word.len() && text.eq_ignore_ascii_case(word)
    }

    /// The byte range in the file.
    pub(in crate::lower) fn span(self) -> Range<usize> {
        let word = self.tree.terminals.get(self.at);
        let span = word.map_or(0..0, Terminal::span);
        self.tree.base + span.start..self.tree.base + span.end
    }

    /// The offset of its first byte in the file.
    pub(in crate::lower) fn start(self) -> usize {
        self.span().start
    }
}

impl<'a> Node<'a> {
    fn mark(self) -> &'a Mark {
        &self.tree.marks[self.at]
    }

    /// Its kind.
    pub(in crate::lower) fn syntax(self) -> Syntax {
        self.mark().syntax
    }

    pub(in crate::lower) fn is(self, syntax: Syntax) -> bool {
        self.syntax() == syntax
    }

    /// Its tokens, counted in the statement.
    pub(in crate::lower) fn range(self) -> Range<usize> {
        self.mark().start as usize..self.mark().end as usize
    }

    fn local_span(self) -> Range<usize> {
        let words = self.range();
        let start = self.tree.terminals.get(words.start);
        let start = start.map_or(0, |word| word.span().start);
        let last = self.tree.terminals.get(words.end.saturating_sub(1));
        let end = last.map_or(start, |word| word.span().end);
        start..end.max(start)
    }

    /// The byte range in the file.
    pub(in crate::lower) fn span(self) -> Range<usize> {
        let span = self.local_span();
        self.tree.base + span.start..self.tree.base + span.end
    }

    /// The byte range in the file, up to the end of its first line.
    pub(in crate::lower) fn first_line(self) -> Range<usize> {
        let start = self.span().start;
        let first = self.text().lines().next().unwrap_or_default().trim_end();
        start..start + first.len()
    }

    /// The text as it is written.
    pub(in crate::lower) fn text(self) -> &'a str {
        self.tree.text.get(self.local_span()).unwrap_or_default()
    }

    fn end(self) -> usize {
        self.at + 1 + self.mark().inside as usize
    }

    /// The nodes directly below it, in order.
    pub(in crate::lower) fn children(self) -> impl Iterator<Item = Self> {
        self.below(false)
    }

    /// All nodes below it, each before the nodes inside of it.
    pub(in crate::lower) fn within(self) -> impl Iterator<Item = Self> {
        self.below(true)
    }

    fn below(self, nested: bool) -> Nodes<'a> {
        Nodes {
            tree: self.tree,
            at: self.at + 1,
            end: self.end(),
            nested,
        }
    }

    /// The nodes of this kind directly below it.
    pub(in crate::lower) fn all(self, syntax: Syntax) -> impl Iterator<Item = Self> {
        self.children().filter(move |node| node.is(syntax))
    }

    /// The first node of this kind directly below it.
    pub(in crate::lower) fn child(self, syntax: Syntax) -> Option<Self> {
        let (tree, mut at, end) = (self.tree, self.at + 1, self.end());
        while at < end {
            let mark = &tree.marks[at];
            if mark.syntax == syntax {
                return Some(Self { tree, at });
            }
            at += 1 + mark.inside as usize;
        }
        None
    }

    /// The first node of this kind anywhere below it.
    pub(in crate::lower) fn find(self, syntax: Syntax) -> Option<Self> {
        self.within().find(|node| node.is(syntax))
    }

    /// All its tokens, those of the nodes below it included.
    pub(in crate::lower) fn words(self) -> impl DoubleEndedIterator<Item = Word<'a>> {
        let tree = self.tree;
        self.range().map(move |at| Word { tree, at })
    }

    /// The text from its `n`th token on.
    pub(in crate::lower) fn text_from(self, n: usize) -> &'a str {
        let end = self.local_span().end;
        let word = self.words().nth(n);
        let start = word.map_or(end, |word| self.tree.terminals[word.at].span().start);
        self.tree.text.get(start..end).unwrap_or_default()
    }

    /// Its tokens and nodes, in order.
    pub(in crate::lower) fn items(self) -> Vec<Item<'a>> {
        let tree = self.tree;
        let words = self.range();
        let mut items = Vec::new();
        let mut at = words.start;
        let mut tokens = |items: &mut Vec<Item<'a>>, until: usize, then: usize| {
            while at < until {
                items.push(Item::Token(Word { tree, at }));
                at += 1;
            }
            at = then;
        };
        for child in self.children() {
            let inner = child.range();
            tokens(&mut items, inner.start, inner.end);
            items.push(Item::Node(child));
        }
        tokens(&mut items, words.end, words.end);
        items
    }

    /// Whether it contains these words, in upper case and in sequence, outside of the nodes below it.
    pub(in crate::lower) fn says(self, phrase: &str) -> bool {
        let phrase = match phrase.split_once(' ') {
            Some((first, rest)) => (first, Some(rest)),
            None => (phrase, None),
        };
        let words = self.range();
        let mut at = words.start;
        let (mut child, end) = (self.at + 1, self.end());
        while child < end {
            let inner = &self.tree.marks[child];
            let start = inner.start as usize;
            if at < start && self.tree.says_between(phrase, at, start) {
                return true;
            }
            at = inner.end as usize;
            child += 1 + inner.inside as usize;
        }
        self.tree.says_between(phrase, at, words.end)
    }

    /// Whether it starts with these words, in upper case.
    pub(in crate::lower) fn starts_with(self, phrase: &str) -> bool {
        let words = self.range();
        self.tree.begins(phrase, words.start, words.end)
    }

    /// Whether it starts with these words, in upper case, before the nodes below it.
    pub(in crate::lower) fn opens_with(self, phrase: &str) -> bool {
        let words = self.range();
        let first = self.children().next();
        let own = first.map_or(words.end, |child| child.range().start) - words.start;
        phrase.split(' ').count() <= own && self.starts_with(phrase)
    }

    /// The token before it.
    pub(in crate::lower) fn word_before(self) -> &'a str {
        match self.range().start.checked_sub(1) {
            Some(at) => self.tree.word(at),
            None => "",
        }
    }

    /// The token behind it.
    pub(in crate::lower) fn next_word(self) -> &'a str {
        self.tree.word(self.range().end)
    }

    /// The first token of the arguments after it.
    pub(in crate::lower) fn argument(self) -> Option<Word<'a>> {
        let at = self.range().end + 1;
        let tree = self.tree;
        (at < tree.terminals.len()).then_some(Word { tree, at })
    }

    /// The arguments behind it: what stands between the commas in the parentheses, without what stands
    /// in further ones, so that nested calls are not read again for each of those around them.
    pub(in crate::lower) fn arguments(self) -> Vec<Vec<Word<'a>>> {
        let tree = self.tree;
        let open = self.range().end;
        let close = tree.closing(open).unwrap_or(open);
        let mut arguments = vec![Vec::new()];
        let mut at = open + 1;
        while at < close {
            let word = Word { tree, at };
            at = tree.closing(at).map_or(at + 1, |end| end.max(at + 1));
            if word.text() == "," {
                arguments.push(Vec::new());
            } else if let Some(last) = arguments.last_mut() {
                last.push(word);
            }
        }
        arguments.retain(|argument| !argument.is_empty());
        arguments
    }

    /// Whether `OVER` follows its arguments, behind `FILTER (...)` or not.
    pub(in crate::lower) fn is_windowed(self) -> bool {
        let tree = self.tree;
        let behind = |at: usize| tree.closing(at).map_or(at, |close| close + 1);
        let after = behind(self.range().end);
        let is = |at: usize, word: &str| tree.word(at).eq_ignore_ascii_case(word);
        let after = match is(after, "FILTER") {
            true => behind(after + 1),
            false => after,
        };
        is(after, "OVER")
    }

    /// The byte range from its start to the closing parenthesis of the arguments after it.
    pub(in crate::lower) fn span_with_arguments(self) -> Range<usize> {
        let close = self.tree.closing(self.range().end);
        let end = close.and_then(|at| self.tree.terminals.get(at));
        match end {
            Some(end) => self.span().start..self.tree.base + end.span().end,
            None => self.span(),
        }
    }

    /// Its tokens in upper case, separated by single spaces, for the words of a clause.
    pub(in crate::lower) fn phrase(self) -> String {
        let words: Vec<String> = self
            .words()
            .map(|word| word.text().to_ascii_uppercase())
            .collect();
        words.join(" ")
    }

    /// The strings among its tokens.
    pub(in crate::lower) fn strings(self) -> impl Iterator<Item = Word<'a>> {
        self.words().filter(|word| word.is_string())
    }
}

/// Nodes in the order in which they start.
struct Nodes<'a> {
    tree: &'a Tree<'a>,
    at: usize,
    end: usize,
    /// Whether those inside of one follow it.
    nested: bool,
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node {
            tree: self.tree,
            at: self.at,
        };
        self.at = match self.nested {
            true => self.at + 1,
            false => node.end(),
        };
        Some(node)
    }
}

impl Word<'_> {
    pub(in crate::lower) fn is_string(self) -> bool {
        self.tree
            .terminals
            .get(self.at)
            .is_some_and(Terminal::is_string)
    }
}
