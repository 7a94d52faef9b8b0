// Asks the PromQL parser what is wrong with an expression, and finds whole words.
#include "config/expressions.hpp"

#include "promql/parse.hpp"

namespace tocsin::config {
namespace {

bool in_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == ':';
}

}  // namespace

std::optional<Error> check_expression(std::string_view expression) {
    const Result<promql::Expression> parsed = promql::parse(expression);
    return parsed ? std::nullopt : std::optional<Error>(parsed.error());
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
