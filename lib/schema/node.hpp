#pragma once
// Node: a read-only document tree in which every key and value knows its place in the file.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/diagnostic.hpp"

namespace tocsin::schema {

/// Types of YAML 1.2's core schema (§10.3). A quoted scalar is always a string; so are `no`, `on`
/// and `12:30`.
enum class Kind : std::uint8_t { null, boolean, integer, number, string, list, map };
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, block };

struct Entry;

struct Node {
    Kind kind = Kind::null;
    Style style = Style::plain;
    Position at = {};
    std::string text = {};            // of a scalar, decoded; of a boolean, `true` or `false`
    std::vector<Node> items = {};     // of a list
    std::vector<Entry> entries = {};  // of a map, in file order; keys are unique

    [[nodiscard]] bool is_scalar() const { return kind < Kind::list && kind != Kind::null; }
    /// The value under the key of a map, or null.
    [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Entry {
    std::string key;
    Position at;  // of the key
    Node value;
};

/// For messages: "a list", "the number 5", "nothing".
[[nodiscard]] std::string describe(const Node& node);

/// Where byte `offset` of a scalar's decoded text stands in the file, escapes, folding and
/// indentation considered; `file_text` is the whole file.
[[nodiscard]] Position position_in_scalar(std::string_view file_text, Position start, Style style,
                                          std::string_view scalar, std::size_t offset);

}  // namespace tocsin::schema
