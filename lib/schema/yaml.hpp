#pragma once
// Strict YAML: text -> located tree, refusing everything that yaml-cpp would let pass in silence.

#include <optional>
#include <string>
#include <string_view>

#include "schema/diagnostic.hpp"
#include "schema/node.hpp"

namespace tocsin::schema {

struct YamlBounds {
    std::size_t bytes_max = 4UL << 20;
    std::size_t depth_max = 32;
};

/// Reads one document whose top level is a mapping (an empty file is an empty one). Refused, each
/// with its place: duplicate keys, anchors, aliases, tags, merge keys, a second document, keys that
/// are not scalars, nesting and size beyond the bounds, invalid UTF-8, control characters, and
/// quotes or brackets that never end. Absent when anything was refused.
[[nodiscard]] std::optional<Node> read_yaml(const std::string& file, std::string_view text,
                                            Diagnostics& diagnostics,
                                            const YamlBounds& bounds = {});

}  // namespace tocsin::schema
