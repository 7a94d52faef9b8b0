// Shapes in words, and text as JSON strings.
#include "schema/shape.hpp"

#include "base/text.hpp"

namespace tocsin::schema {
namespace {

std::string described_all(const std::vector<Shape>& shapes) {
    std::vector<std::string> parts;
    for (const Shape& shape : shapes) parts.push_back(describe(shape));
    return join(parts, " or ");
}

}  // namespace

std::string describe(const Shape& shape) {
    switch (shape.kind) {
        case Shape::Kind::string:
            return "text";
        case Shape::Kind::boolean:
            return "true or false";
        case Shape::Kind::integer:
            return "a whole number";
        case Shape::Kind::number:
            return "a number";
        case Shape::Kind::duration:
            return "a duration such as 30s or 5m";
        case Shape::Kind::secret:
            return "{file: PATH}, {env: NAME} or {credential: NAME}";
        case Shape::Kind::choice:
            return "one of " + join(shape.choices, ", ");
        case Shape::Kind::list:
            return "a list";
        case Shape::Kind::map:
        case Shape::Kind::table:
        case Shape::Kind::variant:
            return "a mapping";
        case Shape::Kind::either:
            return described_all(shape.inner);
        case Shape::Kind::any:
            return "a value";
    }
    return "a value";
}

std::string json_quote(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += byte;
        } else if (byte == '\n') {
            out += "\\n";
        } else if (code < 0x20) {
            out += "\\u00";
            out += digits[code >> 4U];
            out += digits[code & 15U];
        } else {
            out += byte;
        }
    }
    return out + "\"";
}

}  // namespace tocsin::schema
