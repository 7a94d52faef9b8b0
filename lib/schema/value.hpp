#pragma once
// Value<T>: how a type is read, what it looks like, and how a default of it is written as JSON.

#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "schema/reader.hpp"

namespace tocsin::schema {

/// `shape()` describes the type, `json(default)` writes a default (empty: not worth saying),
/// `read` fills `out` and is false after having noted a problem.
template <class T>
struct Value;

struct FieldKey {
    std::string name;
    bool required = false;
};
/// Unknown and missing keys of a map, as diagnostics; true when there are none.
bool check_keys(const Node& node, const std::string& table, const std::vector<FieldKey>& keys,
                const std::vector<std::string>& also_known, const Reader& reader);

Shape simple_shape(Shape::Kind kind);
std::string default_text(const std::string& value);
std::string default_text(bool value);
std::string default_text(double value);
std::string default_text(Duration value);
std::string default_text(const Secret& value);
std::string default_text(const Labels& value);

template <class T, Shape::Kind kind>
struct SimpleValue {
    static Shape shape() {
        Shape shape = simple_shape(kind);
        if (kind == Shape::Kind::map) shape.inner.push_back(simple_shape(Shape::Kind::string));
        return shape;
    }
    static std::string json(const T& value) { return default_text(value); }
    static bool read(T& out, const Node& node, const Reader& reader) {
        return read_value(out, node, reader);
    }
};
template <>
struct Value<std::string> : SimpleValue<std::string, Shape::Kind::string> {};
template <>
struct Value<bool> : SimpleValue<bool, Shape::Kind::boolean> {};
template <>
struct Value<double> : SimpleValue<double, Shape::Kind::number> {};
template <>
struct Value<Duration> : SimpleValue<Duration, Shape::Kind::duration> {};
template <>
struct Value<Secret> : SimpleValue<Secret, Shape::Kind::secret> {};
template <>
struct Value<Labels> : SimpleValue<Labels, Shape::Kind::map> {};

template <std::integral T>
struct Value<T> {
    static Shape shape() {
        return {.kind = Shape::Kind::integer, .non_negative = std::is_unsigned_v<T>};
    }
    static std::string json(const T& value) { return std::to_string(value); }
    static bool read(T& out, const Node& node, const Reader& reader) {
        using Limits = std::numeric_limits<T>;
        constexpr std::int64_t most = sizeof(T) < 8 || !std::is_unsigned_v<T>
                                          ? static_cast<std::int64_t>(Limits::max())
                                          : std::numeric_limits<std::int64_t>::max();
        const auto number =
            read_integer(node, static_cast<std::int64_t>(Limits::min()), most, reader);
        if (number) out = static_cast<T>(*number);
        return number.has_value();
    }
};

template <class E>
requires std::is_enum_v<E>
struct Value<E> {
    static std::vector<std::string> names() {
        std::vector<std::string> names;
        for (const Choice<E>& row : Names<E>::rows()) names.emplace_back(row.name);
        return names;
    }
    static Shape shape() { return {.kind = Shape::Kind::choice, .choices = names()}; }
    static std::string json(const E& value) {
        for (const Choice<E>& row : Names<E>::rows()) {
            if (row.value == value) return json_quote(row.name);
        }
        return {};
    }
    static bool read(E& out, const Node& node, const Reader& reader) {
        const auto row = read_choice(node, names(), reader);
        if (row) out = Names<E>::rows()[*row].value;
        return row.has_value();
    }
};

}  // namespace tocsin::schema
