// Goes over the tokens of an expression: keywords, label lists, durations, matchers.

#include "promql/cursor.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace tocsin::promql {

std::optional<double> number_of(std::string_view text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    const bool octal = !hex && text.size() > 1 && text[0] == '0' &&
                       text.find_first_not_of("01234567") == std::string_view::npos;
    if (!hex && !octal) return parse_number(text);
    const std::string_view digits = text.substr(hex ? 2 : 1);
    std::uint64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number, hex ? 16 : 8);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return static_cast<double>(number);
}

Token Cursor::take() {
    const Token token = peek();
    if (next_ + 1 < tokens_.size()) ++next_;
    return token;
}

bool Cursor::at_symbol(std::string_view text, std::size_t ahead) const {
    return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == text;
}

bool Cursor::at_word(std::string_view lower) const {
    return peek().kind == TokenKind::word && peek().lower == lower;
}

bool Cursor::take_symbol(std::string_view text) {
    if (!at_symbol(text)) return false;
    take();
    return true;
}

bool Cursor::take_word(std::string_view lower) {
    if (!at_word(lower)) return false;
    take();
    return true;
}

void Cursor::expect_symbol(std::string_view text) {
    if (!take_symbol(text)) unexpected("`" + std::string(text) + "`");
}

void Cursor::fail(std::string message, std::size_t offset) {
    if (!error_) error_ = bad_expression(std::move(message), offset);
    next_ = tokens_.size() - 1;
}

void Cursor::unexpected(const std::string& wanted) {
    const Token& token = peek();
    const std::string got = token.kind == TokenKind::end
                                ? "the expression ends"
                                : "unexpected `" + one_line(truncate(token.text, 64)) + "`";
    fail(got + "; " + wanted + " was expected", token.offset);
}

std::size_t Cursor::end_of_last() const {
    if (next_ == 0) return 0;
    const Token& last = tokens_[next_ - 1];
    return last.offset + last.text.size();
}

std::vector<std::string> Cursor::label_list() {
    std::vector<std::string> labels;
    expect_symbol("(");
    while (!error_ && !at_symbol(")")) {
        const Token token = take();
        if (token.kind == TokenKind::text) {
            labels.push_back(unquote(token.text).value_or(""));
        } else if (token.kind == TokenKind::word &&
                   token.text.find(':') == std::string_view::npos) {
            labels.emplace_back(token.text);
        } else {
            fail("`" + one_line(token.text) + "` is not a label name", token.offset);
        }
        if (!take_symbol(",")) break;
    }
    expect_symbol(")");
    return labels;
}

At Cursor::instant() {
    for (const auto& [word, kind] :
         {std::pair{"start", At::Kind::start}, std::pair{"end", At::Kind::end}}) {
        if (!take_word(word)) continue;
        expect_symbol("(");
        expect_symbol(")");
        return {.kind = kind};
    }
    const bool negative = take_symbol("-");
    if (!negative) take_symbol("+");
    const Token token = take();
    std::optional<double> number;
    if (token.kind == TokenKind::number) number = number_of(token.text);
    if (token.kind == TokenKind::duration) {  // 3.x: `1m40s` is 100
        if (const Result<Duration> read = parse_duration(token.text)) number = to_seconds(*read);
    }
    if (!number || !std::isfinite(*number)) {
        fail("a timestamp, start() or end() was expected behind @", token.offset);
        return {};
    }
    return {.kind = At::Kind::instant, .seconds = negative ? -*number : *number};
}

Duration Cursor::duration(bool may_be_zero) {
    const Token token = take();
    Duration result{0};
    constexpr double seconds_max = 3.2e9;  // about a hundred years
    if (token.kind == TokenKind::duration) {
        const Result<Duration> parsed = parse_duration(token.text);
        if (!parsed)
            fail(parsed.error().message, token.offset);
        else
            result = *parsed;
    } else if (token.kind == TokenKind::number) {
        const std::optional<double> number = number_of(token.text);
        if (!number || !(*number < seconds_max))
            fail("not a duration", token.offset);
        else
            result = Duration(std::llround(*number * 1e6));
    } else {
        fail("a duration like 5m was expected", token.offset);
    }
    if (!error_ && result <= Duration{0} && !may_be_zero) {
        fail("duration must be greater than 0", token.offset);
    }
    return result;
}

void Cursor::matcher(Selector& node) {
    const Token label = take();
    const bool quoted = label.kind == TokenKind::text;
    const bool word = label.kind == TokenKind::word && label.text.find(':') == label.text.npos;
    if (!quoted && !word) return fail("a label name was expected", label.offset);
    const std::string name = quoted ? unquote(label.text).value_or("") : std::string(label.text);
    if (quoted && (at_symbol(",") || at_symbol("}"))) return set_name(node, name, label.offset);
    const Token op = take();
    std::optional<Matcher::Kind> kind;
    if (op.text == "=") kind = Matcher::Kind::equal;
    if (op.text == "!=") kind = Matcher::Kind::not_equal;
    if (op.text == "=~") kind = Matcher::Kind::regex;
    if (op.text == "!~") kind = Matcher::Kind::not_regex;
    if (!kind) return fail("=, !=, =~ or !~ was expected behind the label", op.offset);
    const Token value = take();
    const std::optional<std::string> text =
        value.kind == TokenKind::text ? unquote(value.text) : std::nullopt;
    if (!text) return fail("a string in quotes was expected", value.offset);
    if (name == "__name__" && kind == Matcher::Kind::equal && !text->empty()) {
        return set_name(node, *text, label.offset);
    }
    Result<Matcher> made = Matcher::make(*kind, name, *text);
    if (!made) return fail(made.error().message, value.offset);
    node.matchers.push_back(*std::move(made));
}

void Cursor::set_name(Selector& node, const std::string& name, std::size_t offset) {
    if (!node.name.empty()) {
        return fail("metric name must not be set twice: `" + one_line(node.name) + "` or `" +
                        one_line(name) + "`",
                    offset);
    }
    node.name = name;
}

}  // namespace tocsin::promql
