//! Collects the names of objects in a statement.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::catalog;
use super::data_type::data_type;
use super::grammar::{Node, Syntax, Word};
use super::name::{first, identifier, parts, word};
use crate::statement::{Mention, Mentioned};

/// The types of `pg_catalog`, under the names that `data_type` gives them; measured on PostgreSQL 15 to
/// 18.
const BUILT_IN: &str = "_record aclitem any anyarray anycompatible anycompatiblearray \
    anycompatiblemultirange anycompatiblenonarray anycompatiblerange anyelement anyenum \
    anymultirange anynonarray anyrange bigint bit bool boolean box bpchar bytea char character cid \
    cidr circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 \
    gtsvector index_am_handler inet int2 int2vector int4 int4multirange int4range int8 \
    int8multirange int8range integer internal interval json jsonb jsonpath language_handler line \
    lseg macaddr macaddr8 money name numeric nummultirange numrange oid oid8 oidvector path \
    pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command pg_dependencies pg_lsn \
    pg_mcv_list pg_ndistinct pg_node_tree pg_snapshot point polygon real record refcursor regclass \
    regcollation regconfig regdatabase regdictionary regnamespace regoper regoperator regproc \
    regprocedure regrole regtype serial serial2 serial4 serial8 bigserial smallserial smallint \
    table_am_handler text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange \
    tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit varchar \
    void xid xid8 xml";

static IS_BUILT_IN: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| BUILT_IN.split_ascii_whitespace().collect());

/// The trigger functions of `pg_catalog`.
const TRIGGER_FUNCTIONS: [&str; 4] = [
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
    "unique_key_recheck",
];

/// Statements about objects that are in no schema; the functions that they name usually belong to the
/// server.
const fn is_of_the_server(syntax: Syntax) -> bool {
    matches!(
        syntax,
        Syntax::CreateSchema
            | Syntax::CreateLanguage
            | Syntax::CreateForeignDataWrapper
            | Syntax::AlterForeignDataWrapper
            | Syntax::CreateAccessMethod
            | Syntax::Property
    )
}

/// All names in a statement, in order.
pub(super) fn all(root: Node<'_>) -> Vec<Mention> {
    let queries = root.within().filter(|node| node.is(Syntax::Cte));
    let mut own: Vec<String> = queries.map(first).collect();
    if root.says("RECURSIVE VIEW") {
        let view = root.child(Syntax::AnyName).map(|name| parts(name.words()));
        own.extend(view.unwrap_or_default().pop());
    }
    let mut walk = Walk {
        own,
        found: Vec::new(),
    };
    walk.visit(root);
    walk.found
}

struct Walk {
    /// The names of `WITH`.
    own: Vec<String>,
    found: Vec<Mention>,
}

impl Walk {
    fn visit(&mut self, node: Node<'_>) {
        if is_of_the_server(node.syntax()) {
            return;
        }
        let makes_temporary = matches!(
            node.syntax(),
            Syntax::CreateTable | Syntax::CreateView | Syntax::CreateSequence | Syntax::Into
        ) && (node.says("TEMP") || node.says("TEMPORARY"));
        let mut before = "";
        let mut is_first = true;
        let mut end = node.range().start;
        for child in node.children() {
            let inner = child.range();
            if inner.start > end {
                before = child.word_before();
            }
            end = inner.end;
            let is_temporary = makes_temporary && is_first && child.is(Syntax::AnyName);
            if !is_temporary {
                self.child(node, child, before);
            }
            is_first &= !child.is(Syntax::AnyName);
        }
    }

    fn child(&mut self, parent: Node<'_>, child: Node<'_>, before: &str) {
        let after = |words: &[&str]| words.iter().any(|word| before.eq_ignore_ascii_case(word));
        match (child.syntax(), parent.syntax()) {
            // The options of a definition can name a function, a type, or just a word.
            (
                Syntax::Locking
                | Syntax::ColumnCollation
                | Syntax::OperatorClass
                | Syntax::DefinitionItem
                | Syntax::StorageItem,
                _,
            )
            | (Syntax::AnyName, Syntax::Set | Syntax::PartitionKey | Syntax::AlterTextSearch) => {}
            (Syntax::AggregateItem, _) if !names_base(child) => {}
            (Syntax::AnyName, _) if after(&["COLLATE"]) => {}
            (Syntax::AnyName, Syntax::CreateCollation) if after(&["FROM"]) => {}
            (Syntax::AnyName, Syntax::SequenceOption) if after(&["BY"]) => self.column(child),
            (Syntax::AnyName, Syntax::Comment | Syntax::SecurityLabel) if after(&["COLUMN"]) => {
                self.column(child)
            }
            (Syntax::AnyName, Syntax::ColumnConstraint | Syntax::Constraint) => {
                self.name(Mentioned::Parent, child);
            }
            (
                Syntax::AnyName,
                Syntax::CreateType
                | Syntax::AlterType
                | Syntax::CreateDomain
                | Syntax::AlterDomain
                | Syntax::OfType,
            ) => self.name(Mentioned::Type, child),
            (Syntax::AnyName, Syntax::PrivilegeTarget)
                if parent.opens_with("TYPE") || parent.opens_with("DOMAIN") =>
            {
                self.name(Mentioned::Type, child);
            }
            (Syntax::AnyName, Syntax::Relation) if self.is_own(child) => {}
            (Syntax::AnyName, Syntax::Reindex) if parent.says("SCHEMA") => self.schema(child),
            (Syntax::AnyName, _) if names_routine(parent) => {
                self.name(Mentioned::Routine, child);
            }
            (Syntax::AnyName, _) => self.name(Mentioned::Relation, child),
            (Syntax::FuncName, _) if after(&["TABLESAMPLE"]) => {}
            (Syntax::FuncName, Syntax::CreateTrigger | Syntax::CreateEventTrigger) => {
                if !TRIGGER_FUNCTIONS.contains(&child.text()) {
                    self.name(Mentioned::Routine, child);
                }
            }
            (Syntax::FuncName, _) if is_signature(parent.syntax()) => {
                self.name(Mentioned::Routine, child);
            }
            (Syntax::FuncName, _) if child.next_word() == "(" => self.name(Mentioned::Call, child),
            // A name before a string is a type: `date '2020-01-01'`.
            (Syntax::FuncName | Syntax::Type, _) => {
                self.data_type(child);
                self.visit(child);
            }
            (Syntax::CopiedType, _) => self.column(child),
            (Syntax::Name, Syntax::PrivilegeTarget) if parent.says("SCHEMA") => self.schema(child),
            (Syntax::Name, Syntax::AlterDefaultPrivileges) => self.schema(child),
            _ => self.visit(child),
        }
    }

    /// A name of `WITH`.
    fn is_own(&self, node: Node<'_>) -> bool {
        !self.own.is_empty()
            && matches!(parts(node.words()).as_slice(), [one] if self.own.contains(one))
    }

    fn name(&mut self, kind: Mentioned, node: Node<'_>) {
        self.push(kind, node, parts(node.words()));
    }

    /// `schema.table.column`.
    fn column(&mut self, node: Node<'_>) {
        let words = node.words().take_while(|word| word.text() != "%");
        let mut parts = parts(words.filter(|word| !word.is("SETOF")));
        parts.pop();
        if !parts.is_empty() {
            self.push(Mentioned::Relation, node, parts);
        }
    }

    fn data_type(&mut self, node: Node<'_>) {
        let mut words = node.words();
        if let (Some(only), None) = (words.next(), words.next())
            && IS_BUILT_IN.contains(only.text())
        {
            return;
        }
        let data_type = data_type(node);
        let name = data_type.name;
        let is_built_in =
            IS_BUILT_IN.contains(name.as_str()) || name.contains(' ') || name == "\"char\"";
        // The analyzer's form of a type leaves out `pg_catalog`.
        let mut words = node.words().filter(|word| !word.is("SETOF"));
        let of_catalogue = words
            .next()
            .is_some_and(|word| identifier(word.text()) == "pg_catalog");
        if data_type.schema.is_some() || !is_built_in && !of_catalogue {
            let parts = [data_type.schema, Some(name)].into_iter().flatten();
            self.push(Mentioned::Type, node, parts.collect());
        }
    }

    fn schema(&mut self, node: Node<'_>) {
        self.found.push(Mention {
            kind: Mentioned::Schema,
            schema: Some(word(node)),
            name: String::new(),
            span: node.span(),
        });
    }

    fn push(&mut self, kind: Mentioned, node: Node<'_>, mut parts: Vec<String>) {
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        let is_catalog = schema.is_none() && kind == Mentioned::Relation && catalog::has(&name);
        // `SETOF` is not part of the name.
        let first = node.words().find(|word| !word.is("SETOF"));
        let start = first.map_or(node.span().start, Word::start);
        if !is_catalog {
            self.found.push(Mention {
                kind,
                schema,
                name,
                span: start..node.span().end,
            });
        }
    }
}

/// Whether a plain name is a routine's, whose word no function can be created as.
fn names_routine(parent: Node<'_>) -> bool {
    let is_one = |of: fn(Node<'_>, &str) -> bool| {
        let kinds = ["FUNCTION", "PROCEDURE", "ROUTINE"];
        kinds.iter().any(|kind| of(parent, kind))
    };
    match parent.syntax() {
        Syntax::DropFunction | Syntax::AlterFunction => true,
        Syntax::PrivilegeTarget => is_one(|node, kind| node.opens_with(kind)),
        Syntax::Comment | Syntax::SecurityLabel | Syntax::AlterExtension => {
            is_one(|node, kind| node.says(kind))
        }
        _ => false,
    }
}

/// Whether it is the item of an aggregate that has a type for certain.
fn names_base(item: Node<'_>) -> bool {
    let word = item.words().next();
    word.is_some_and(|word| identifier(word.text()) == "basetype")
}

/// Statements whose function names are not calls.
fn is_signature(syntax: Syntax) -> bool {
    matches!(
        syntax,
        Syntax::CreateFunction
            | Syntax::AlterFunction
            | Syntax::DropFunction
            | Syntax::CallProcedure
            | Syntax::CreateAggregate
            | Syntax::AlterAggregate
            | Syntax::DropAggregate
            | Syntax::Comment
            | Syntax::SecurityLabel
            | Syntax::AlterExtension
            | Syntax::CreateCast
            | Syntax::CreateTransform
            | Syntax::CreateOperatorClass
            | Syntax::AlterOperatorFamily
            | Syntax::PrivilegeTarget
    )
}
