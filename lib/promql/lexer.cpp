// Cuts PromQL text into tokens; a colon separates inside brackets and belongs to names elsewhere.

#include "promql/lexer.hpp"

#include <array>

#include "base/text.hpp"

namespace tocsin::promql {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// `1h30m`: numbers with units up to the end of the word; 0 when it is something else.
std::size_t duration_length(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && is_digit(text[at])) {
        while (at < text.size() && is_digit(text[at])) ++at;
        if (text.substr(at).starts_with("ms"))
            at += 2;
        else if (at < text.size() && std::string_view("smhdwy").find(text[at]) != text.npos)
            ++at;
        else
            return 0;
    }
    return at < text.size() && (is_letter(text[at]) || text[at] == '.') ? 0 : at;
}

std::size_t number_length(std::string_view text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    std::size_t at = hex ? 2 : 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool exponent_sign = !hex && at > 0 && (c == '+' || c == '-') &&
                                   (text[at - 1] == 'e' || text[at - 1] == 'E');
        if (!is_digit(c) && !is_letter(c) && c != '.' && !exponent_sign) break;
    }
    return at;
}

std::size_t text_length(std::string_view text) {
    const char quote = text.front();
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == quote) return at + 1;
        if (text[at] == '\n' && quote != '`') return 0;
        if (text[at] == '\\' && quote != '`') ++at;
    }
    return 0;
}

std::size_t word_length(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && (is_letter(text[at]) || is_digit(text[at]) || text[at] == ':')) ++at;
    return at;
}

std::size_t symbol_length(std::string_view text) {
    for (const std::string_view two : {"=~", "!~", "!=", "==", ">=", "<="}) {
        if (text.starts_with(two)) return 2;
    }
    return std::string_view("(){}[],:=<>+-*/%^@").find(text.front()) == text.npos ? 0 : 1;
}

Token front_token(std::string_view text, bool in_brackets) {
    const char c = text.front();
    const bool digit = is_digit(c) || (c == '.' && text.size() > 1 && is_digit(text[1]));
    Token token;
    std::size_t length = 0;
    if (digit) {
        length = duration_length(text);
        token.kind = length > 0 ? TokenKind::duration : TokenKind::number;
        if (length == 0) length = number_length(text);
    } else if (c == '"' || c == '\'' || c == '`') {
        token.kind = TokenKind::text;
        length = text_length(text);
    } else if (is_letter(c) || (c == ':' && !in_brackets)) {
        token.kind = TokenKind::word;
        length = word_length(text);
    } else {
        token.kind = TokenKind::symbol;
        length = symbol_length(text);
    }
    token.text = text.substr(0, length);
    if (token.kind == TokenKind::word) {
        token.lower = token.text;
        for (char& letter : token.lower) {
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return token;
}

}  // namespace

Error bad_expression(std::string message, std::size_t offset) {
    return Error{
        .code = "bad_expression", .message = std::move(message), .field = std::to_string(offset)};
}

Result<std::vector<Token>> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    bool in_brackets = false;
    for (std::size_t at = 0; at < text.size();) {
        if (is_space(text[at])) {
            ++at;
            continue;
        }
        if (text[at] == '#') {
            at = std::min(text.find('\n', at), text.size());
            continue;
        }
        const std::string_view rest = text.substr(at);
        Token token = front_token(rest, in_brackets);
        token.offset = at;
        if (token.text.empty()) {
            const std::string c = one_line(rest.substr(0, first_code_point(rest).bytes));
            return bad_expression(token.kind == TokenKind::text
                                      ? "the string that begins here is not closed"
                                      : "unexpected character `" + c + "`",
                                  at);
        }
        if (token.text == "[") in_brackets = true;
        if (token.text == "]") in_brackets = false;
        at += token.text.size();
        tokens.push_back(std::move(token));
    }
    tokens.push_back({TokenKind::end, {}, {}, text.size()});
    return tokens;
}

}  // namespace tocsin::promql
