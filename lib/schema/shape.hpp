#pragma once
// Shape: what a value may look like, as data; the JSON Schema and the reference page come from it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::schema {

struct FieldShape;

/// A table's rows without their C++ types.
struct TableShape {
    std::string name;  // for headings: "source"
    std::vector<FieldShape> fields;
};

struct Variant;

struct Shape {
    enum class Kind : std::uint8_t {
        string,
        boolean,
        integer,
        number,
        duration,
        secret,
        choice,
        list,
        map,
        table,
        either,
        variant,
        any,
    };
    Kind kind = Kind::any;
    std::vector<std::string> choices = {};  // choice
    std::vector<Shape> inner = {};          // list and map: the element; either: the alternatives
    std::shared_ptr<const TableShape> table = {};  // table; variant: the fields common to all
    std::vector<Variant> variants = {};            // variant: told apart by the key `kind`
    bool non_negative = false;                     // integer
};

/// One kind of a variant: its own fields beside the common ones.
struct Variant {
    std::string kind;
    std::string help;
    std::shared_ptr<const TableShape> table;
};

struct FieldShape {
    std::string name;
    std::string help;
    bool required = false;
    Shape shape;
    std::string default_json;  // empty: none
};

/// For messages: "a duration such as 5m", "one of minor, major, critical", "a list".
[[nodiscard]] std::string describe(const Shape& shape);

/// `text` as a JSON string with its quotes.
[[nodiscard]] std::string json_quote(std::string_view text);

}  // namespace tocsin::schema
