// Looks at expressions before a source does: brackets and quotes that never end, and whole words.
#include "config/expressions.hpp"

#include "base/text.hpp"

namespace tocsin::config {
namespace {

bool in_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == ':';
}

char closing(char open) {
    if (open == '(') return ')';
    return open == '[' ? ']' : '}';
}

Error problem(std::string message, std::size_t offset) {
    return {.code = "expression", .message = std::move(message), .field = std::to_string(offset)};
}

/// The byte after a quoted string that begins at `at`, or npos if it never ends.
std::size_t after_quoted(std::string_view text, std::size_t at) {
    const char quote = text[at];
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\' && quote != '`') {
            ++i;
        } else if (text[i] == quote) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::optional<Error> check_expression(std::string_view expression) {
    if (trim(expression).empty()) return problem("the expression is empty", 0);
    std::vector<std::size_t> open;
    std::size_t i = 0;
    while (i < expression.size()) {
        const char byte = expression[i];
        if (byte == '"' || byte == '\'' || byte == '`') {
            const std::size_t after = after_quoted(expression, i);
            if (after == std::string_view::npos) return problem("this quote never ends", i);
            i = after;
            continue;
        }
        if (byte == '#') {
            i = std::min(expression.find('\n', i), expression.size());
            continue;
        }
        if (byte == '(' || byte == '[' || byte == '{') open.push_back(i);
        if (byte == ')' || byte == ']' || byte == '}') {
            if (open.empty()) {
                return problem(std::string("`") + byte + "` closes nothing", i);
            }
            const char expected = closing(expression[open.back()]);
            if (byte != expected) {
                return problem(std::string("expected `") + expected + "`, found `" + byte + "`", i);
            }
            open.pop_back();
        }
        ++i;
    }
    if (open.empty()) return std::nullopt;
    return problem(std::string("this `") + expression[open.back()] + "` is never closed",
                   open.back());
}

bool mentions(std::string_view text, std::string_view name) {
    if (name.empty()) return false;
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        const bool begins = at == 0 || !in_word(text[at - 1]);
        if (begins && (end == text.size() || !in_word(text[end]))) return true;
    }
    return false;
}

}  // namespace tocsin::config
