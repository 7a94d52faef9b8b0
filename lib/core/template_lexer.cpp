// Cuts the inside of one template action into tokens.

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t word_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && (is_letter(text[length]) || is_digit(text[length]))) ++length;
    return length;
}

std::size_t number_length(std::string_view text) {
    std::size_t length = 1;  // a sign, a digit or a dot
    while (length < text.size()) {
        const char c = text[length];
        const bool exponent_sign = (c == '+' || c == '-') &&
                                   (text[length - 1] == 'e' || text[length - 1] == 'E') &&
                                   !text.starts_with("0x");
        if (!is_digit(c) && !is_letter(c) && c != '.' && !exponent_sign) break;
        ++length;
    }
    return length;
}

/// Of a literal in quotes, both included; 0 when it is not closed.
std::size_t literal_length(std::string_view text) {
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) return i + 1;
        if (text[i] == '\\' && quote != '`') ++i;
    }
    return 0;
}

/// Kind and length of the token at the front; length 0 when nothing can begin so.
std::pair<TokenKind, std::size_t> front_token(std::string_view text) {
    const char c = text.front();
    const char next = text.size() > 1 ? text[1] : '\0';
    if (c == '"' || c == '`') return {TokenKind::text, literal_length(text)};
    if (c == '\'') return {TokenKind::character, literal_length(text)};
    if (c == '$') return {TokenKind::variable, 1 + word_length(text.substr(1))};
    if (is_digit(c) || (c == '.' && is_digit(next))) {
        return {TokenKind::number, number_length(text)};
    }
    if ((c == '-' || c == '+') && (is_digit(next) || next == '.')) {
        return {TokenKind::number, number_length(text)};
    }
    if (c == '.') {
        const std::size_t length = word_length(text.substr(1));
        return {length == 0 ? TokenKind::dot : TokenKind::field, 1 + length};
    }
    if (is_letter(c)) return {TokenKind::word, word_length(text)};
    if (text.starts_with(":=")) return {TokenKind::symbol, 2};
    constexpr std::string_view symbols = "()|,=";
    return {TokenKind::symbol, symbols.find(c) == std::string_view::npos ? 0U : 1U};
}

}  // namespace

std::optional<Value> number_value(std::string_view text) {
    std::string digits(text);
    std::erase(digits, '_');
    std::string_view rest = digits;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    int base = 10;
    if (rest.size() > 2 && rest[0] == '0') {
        const char kind = rest[1];
        base = kind == 'x' || kind == 'X' ? 16 : kind == 'b' ? 2 : kind == 'o' ? 8 : 10;
        if (base != 10) rest.remove_prefix(2);
    }
    std::int64_t integer = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), integer, base);
    if (read.ec == std::errc() && read.ptr == rest.data() + rest.size()) {
        return Value{negative ? -integer : integer};
    }
    if (const std::optional<double> number = parse_number(digits)) return Value{*number};
    return std::nullopt;
}

Error parse_error(std::string message, std::size_t offset) {
    return Error{
        .code = "bad_template", .message = std::move(message), .field = std::to_string(offset)};
}

Result<std::vector<Token>> tokens_of(std::string_view action, std::size_t offset) {
    std::vector<Token> tokens;
    bool after_space = true;
    std::size_t at = 0;
    while (at < action.size()) {
        if (is_space(action[at])) {
            after_space = true;
            ++at;
            continue;
        }
        const std::string_view rest = action.substr(at);
        const auto [kind, length] = front_token(rest);
        if (length == 0) {
            const bool literal = kind != TokenKind::symbol;
            return parse_error(
                literal
                    ? "the text that begins here is not closed"
                    : "unexpected `" + one_line(rest.substr(0, first_code_point(rest).bytes)) + "`",
                offset + at);
        }
        tokens.push_back({kind, rest.substr(0, length), offset + at, after_space});
        after_space = false;
        at += length;
    }
    tokens.push_back({TokenKind::end, {}, offset + action.size(), after_space});
    return tokens;
}

}  // namespace tocsin::core::templates
