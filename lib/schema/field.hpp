#pragma once
// Table of fields: a setting is declared once, and the parser, JSON Schema and reference come of
// it.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "schema/containers.hpp"
#include "schema/reader.hpp"
#include "schema/value.hpp"

namespace tocsin::schema {

enum class Need : std::uint8_t { optional, required };

/// One setting of the struct S.
template <class S>
struct Field {
    std::string name;
    std::string help;  // one sentence for the reference page
    Need need = Need::optional;
    std::function<Shape()> shape;
    std::function<std::string()> default_json;
    std::function<bool(S&, const Node&, const Reader&)> read;
};

/// The settings of S. Make it a function, not an object: `Table<S> table_of(const S*)`, found by
/// argument-dependent lookup, is what nested tables and lists of tables use.
template <class S>
struct Table {
    std::string name;
    std::vector<Field<S>> fields;
};

/// A row: type, parser and default come from the member.
template <class S, class T>
Field<S> field(std::string name, T S::*member, std::string help, Need need = Need::optional) {
    return {.name = std::move(name),
            .help = std::move(help),
            .need = need,
            .shape = [] { return Value<T>::shape(); },
            .default_json = [member] { return Value<T>::json(S{}.*member); },
            .read =
                [member](S& out, const Node& node, const Reader& reader) {
                    return Value<T>::read(out.*member, node, reader);
                }};
}

/// The rows without their C++ types, for publishing.
template <class S>
TableShape shape_of(const Table<S>& table) {
    TableShape shape{.name = table.name, .fields = {}};
    for (const Field<S>& row : table.fields) {
        const bool required = row.need == Need::required;
        shape.fields.push_back({.name = row.name,
                                .help = row.help,
                                .required = required,
                                .shape = row.shape(),
                                .default_json = required ? std::string() : row.default_json()});
    }
    return shape;
}

/// Reads a map into `out`: unknown keys (but those in `also_known`) are errors with the likeliest
/// key, missing required ones too. All problems are noted; true when there was none. If S has a
/// member `Position at`, it is set.
template <class S>
bool read_table(S& out, const Table<S>& table, const Node& node, const Reader& reader,
                const std::vector<std::string>& also_known = {}) {
    if (node.kind != Kind::map) {
        return wrong_type(node, Shape{.kind = Shape::Kind::table}, reader);
    }
    if constexpr (requires { out.at = node.at; }) out.at = node.at;
    std::vector<FieldKey> keys;
    for (const Field<S>& row : table.fields) {
        keys.push_back({row.name, row.need == Need::required});
    }
    bool sound = check_keys(node, table.name, keys, also_known, reader);
    for (const Field<S>& row : table.fields) {
        const Node* value = node.find(row.name);
        if (value != nullptr && !row.read(out, *value, reader)) sound = false;
    }
    return sound;
}

/// A struct with a table of its own.
template <class S>
requires requires {
    table_of(static_cast<const S*>(nullptr));
}
struct Value<S> {
    static Shape shape() {
        auto table =
            std::make_shared<TableShape>(shape_of(table_of(static_cast<const S*>(nullptr))));
        return {.kind = Shape::Kind::table, .table = std::move(table)};
    }
    static std::string json(const S&) { return {}; }
    static bool read(S& out, const Node& node, const Reader& reader) {
        return read_table(out, table_of(static_cast<const S*>(nullptr)), node, reader);
    }
};

}  // namespace tocsin::schema
