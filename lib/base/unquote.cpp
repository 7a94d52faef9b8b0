// Reads string literals with Go's escapes, as PromQL and templates have them.

#include <cstddef>

#include "base/text.hpp"

namespace tocsin {

namespace {

std::optional<unsigned> digit_of(char c, unsigned base) {
    unsigned digit = base;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
    if (digit >= base) return std::nullopt;
    return digit;
}

/// Takes exactly `count` digits from the front of `rest`.
std::optional<char32_t> take_digits(std::string_view& rest, std::size_t count, unsigned base) {
    if (rest.size() < count) return std::nullopt;
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::optional<unsigned> digit = digit_of(rest[i], base);
        if (!digit) return std::nullopt;
        value = value * base + *digit;
    }
    rest.remove_prefix(count);
    return value;
}

/// Takes one escape, whose backslash is already gone, and writes what it stands for.
bool take_escape(std::string_view& rest, char quote, std::string& text) {
    constexpr std::string_view named_from = "abfnrtv\\";
    constexpr std::string_view named_to = "\a\b\f\n\r\t\v\\";
    if (rest.empty()) return false;
    const char c = rest.front();
    if (const std::size_t at = named_from.find(c); at != std::string_view::npos || c == quote) {
        text += c == quote ? quote : named_to[at];
        rest.remove_prefix(1);
        return true;
    }
    const bool octal = c >= '0' && c <= '7';
    if (!octal) rest.remove_prefix(1);
    const std::size_t digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) return false;
    const std::optional<char32_t> value = take_digits(rest, digits, octal ? 8 : 16);
    if (!value) return false;
    if (octal || c == 'x') {
        if (*value > 0xFF) return false;
        text += static_cast<char>(*value);
        return true;
    }
    if (*value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) return false;
    text += encode_utf8(*value);
    return true;
}

}  // namespace

std::optional<std::string> unquote(std::string_view literal) {
    if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
    const char quote = literal.front();
    std::string_view rest = literal.substr(1, literal.size() - 2);
    if (quote == '`') {
        if (rest.find('`') != std::string_view::npos) return std::nullopt;
        return std::string(rest);
    }
    if (quote != '"' && quote != '\'') return std::nullopt;
    std::string text;
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == quote || c == '\n') return std::nullopt;
        rest.remove_prefix(1);
        if (c != '\\') {
            text += c;
        } else if (!take_escape(rest, quote, text)) {
            return std::nullopt;
        }
    }
    return text;
}

}  // namespace tocsin
