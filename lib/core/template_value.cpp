// Prints template values as Go's fmt package does, printf with its verbs and misuse marks included.

#include <array>
#include <cmath>
#include <cstdio>

#include "base/match.hpp"
#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

std::string print_map(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string text = "map[";
    for (const auto& [name, value] : members) {
        if (text.size() > 4) text += ' ';
        text.append(name).append(":").append(value);
    }
    return text + "]";
}

std::string print_labels(const Labels* labels) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& [name, value] : *labels) members.emplace_back(name, value);
    return print_map(members);
}

std::string print_members(const Members& values) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& [name, value] : *values) members.emplace_back(name, print(value));
    return print_map(members);
}

/// snprintf into a string; `pattern` has one `*` for the precision.
std::string c_format(const char* pattern, int precision, double number) {
    std::array<char, 512> text{};  // %f of the largest number has 309 digits before the point
    const int length = std::snprintf(text.data(), text.size(), pattern, precision, number);
    if (length < 0) return {};
    return {text.data(), std::min(static_cast<std::size_t>(length), text.size() - 1)};
}

struct Directive {
    bool minus = false, plus = false, zero = false, space = false, sharp = false;
    std::size_t width = 0;
    std::optional<int> precision;
    char verb = '\0';
};

constexpr std::size_t width_max = 1'000;
constexpr std::size_t precision_max = 100;

/// Takes a number from the front, at most `most`.
std::size_t take_number(std::string_view& rest, std::size_t most) {
    std::size_t number = 0;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
        number = std::min(number * 10 + static_cast<std::size_t>(rest.front() - '0'), most);
        rest.remove_prefix(1);
    }
    return number;
}

/// Takes what stands behind a `%`.
Directive take_directive(std::string_view& rest) {
    Directive directive;
    for (; !rest.empty(); rest.remove_prefix(1)) {
        const char c = rest.front();
        if (c == '-')
            directive.minus = true;
        else if (c == '+')
            directive.plus = true;
        else if (c == '0')
            directive.zero = true;
        else if (c == ' ')
            directive.space = true;
        else if (c == '#')
            directive.sharp = true;
        else
            break;
    }
    directive.width = take_number(rest, width_max);
    if (!rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        directive.precision = static_cast<int>(take_number(rest, precision_max));
    }
    if (!rest.empty()) {
        directive.verb = rest.front();
        rest.remove_prefix(1);
    }
    return directive;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).bytes);
    return count;
}

std::string pad(std::string text, const Directive& directive, bool number) {
    const std::size_t size = code_points(text);
    if (size >= directive.width) return text;
    const std::size_t missing = directive.width - size;
    if (directive.minus) return text + std::string(missing, ' ');
    if (!directive.zero || !number) return std::string(missing, ' ') + text;
    const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    return text.insert(sign, missing, '0');
}

std::string sign(std::string text, const Directive& directive) {
    const bool has_sign = text.starts_with('-') || text.starts_with('+');
    if (directive.plus && !has_sign) return "+" + text;
    if (directive.space && !has_sign) return " " + text;
    return text;
}

std::optional<std::string> float_text(double number, const Directive& directive) {
    const char verb = directive.verb == 'v' ? 'g' : directive.verb == 'F' ? 'f' : directive.verb;
    if (std::string_view("gGfeE").find(verb) == std::string_view::npos) return std::nullopt;
    if (!std::isfinite(number)) {
        const std::string text = format_number(number);
        return text == "+Inf" && !directive.plus ? "+Inf" : text;
    }
    const bool shortest = (verb == 'g' || verb == 'G') && !directive.precision;
    if (shortest) return sign(format_number(number), directive);
    const int precision = directive.precision.value_or(6);
    switch (verb) {
        case 'f':
            return sign(c_format("%.*f", precision, number), directive);
        case 'e':
            return sign(c_format("%.*e", precision, number), directive);
        case 'E':
            return sign(c_format("%.*E", precision, number), directive);
        case 'G':
            return sign(c_format("%.*G", precision, number), directive);
        default:
            return sign(c_format("%.*g", precision, number), directive);
    }
}

std::string in_base(std::uint64_t number, unsigned base, bool upper) {
    const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string text;
    do {
        text.insert(text.begin(), digits[number % base]);
        number /= base;
    } while (number != 0);
    return text;
}

std::optional<std::string> integer_text(std::int64_t number, const Directive& directive) {
    const char verb = directive.verb;
    if (verb == 'c') return encode_utf8(static_cast<char32_t>(number));
    if (verb == 'q') return "'" + encode_utf8(static_cast<char32_t>(number)) + "'";
    const unsigned base = verb == 'd' || verb == 'v'   ? 10
                          : verb == 'x' || verb == 'X' ? 16
                          : verb == 'o'                ? 8
                          : verb == 'b'                ? 2
                                                       : 0;
    if (base == 0) return std::nullopt;
    const std::uint64_t size =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    std::string digits = in_base(size, base, verb == 'X');
    if (directive.sharp && base == 16) digits = (verb == 'X' ? "0X" : "0x") + digits;
    return sign((number < 0 ? "-" : "") + digits, directive);
}

std::optional<std::string> string_text(std::string_view value, const Directive& directive) {
    if (directive.precision) {
        std::size_t end = 0;
        for (int i = 0; i < *directive.precision && end < value.size(); ++i) {
            end += first_code_point(value.substr(end)).bytes;
        }
        value = value.substr(0, end);
    }
    switch (directive.verb) {
        case 's':
        case 'v':
            return std::string(value);
        case 'q':
            return quote(value);
        case 'x':
        case 'X': {
            std::string hex;
            for (const char c : value) {
                const auto byte = static_cast<unsigned char>(c);
                const std::string digits = in_base(byte, 16, directive.verb == 'X');
                hex += (digits.size() == 1 ? "0" : "") + digits;
            }
            return hex;
        }
        default:
            return std::nullopt;
    }
}

/// One value by one directive; misuse is marked as Go marks it.
std::string format_one(const Value& value, const Directive& directive) {
    bool number = false;
    std::optional<std::string> text;
    if (const auto* real = std::get_if<double>(&value.held)) {
        text = float_text(*real, directive);
        number = std::isfinite(*real);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value.held)) {
        text = integer_text(*integer, directive);
        number = true;
    } else if (const auto* string = std::get_if<std::string>(&value.held)) {
        text = string_text(*string, directive);
    } else if (const auto* truth = std::get_if<bool>(&value.held)) {
        if (directive.verb == 't' || directive.verb == 'v') text = *truth ? "true" : "false";
    } else if (std::holds_alternative<Nothing>(value.held)) {
        if (directive.verb == 'v')
            text = "<nil>";
        else
            return std::string("%!") + directive.verb + "(<nil>)";
    } else if (directive.verb == 'v' || directive.verb == 's') {
        text = print(value);
    }
    if (text) return pad(*std::move(text), directive, number);
    return std::string("%!") + directive.verb + "(" + std::string(type_name(value)) + "=" +
           print(value) + ")";
}

}  // namespace

std::string print(const Value& value) {
    return match(
        value.held, [](const Nothing&) -> std::string { return "<no value>"; },
        [](bool truth) -> std::string { return truth ? "true" : "false"; },
        [](std::int64_t integer) { return std::to_string(integer); },
        [](double number) { return format_number(number); },
        [](const std::string& text) { return text; },
        [](const Labels* labels) { return print_labels(labels); },
        [](const Root&) -> std::string { return "{}"; },
        [](const NoSeries&) -> std::string { return "[]"; },
        [](const Members& members) { return print_members(members); });
}

std::string_view type_name(const Value& value) {
    constexpr std::array<std::string_view, 9> names = {
        "nil",     "bool",      "int",
        "float64", "string",    "map[string]string",
        "data",    "[]*sample", "map[string]interface {}"};
    return names[value.held.index()];
}

bool is_true(const Value& value) {
    return match(
        value.held, [](const Nothing&) { return false; }, [](bool truth) { return truth; },
        [](std::int64_t integer) { return integer != 0; },
        [](double number) { return number != 0; },
        [](const std::string& text) { return !text.empty(); },
        [](const Labels* labels) { return !labels->empty(); }, [](const Root&) { return true; },
        [](const NoSeries&) { return false; },
        [](const Members& members) { return !members->empty(); });
}

std::string four_digits(double number) {
    if (!std::isfinite(number)) return format_number(number);
    return c_format("%.*g", 4, number);
}

std::string format(std::string_view pattern, const std::vector<Value>& values, std::size_t first) {
    std::string result;
    std::size_t next = first;
    while (!pattern.empty() && result.size() <= limits::text_bytes_max) {
        const std::size_t percent = pattern.find('%');
        result += pattern.substr(0, percent);
        if (percent == std::string_view::npos) {
            pattern = {};
            break;
        }
        pattern.remove_prefix(percent + 1);
        const Directive directive = take_directive(pattern);
        if (directive.verb == '%') {
            result += '%';
        } else if (directive.verb == '\0') {
            result += "%!(NOVERB)";
        } else if (next >= values.size()) {
            result += std::string("%!") + directive.verb + "(MISSING)";
        } else {
            result += format_one(values[next++], directive);
        }
    }
    if (next >= values.size()) return result;
    result += "%!(EXTRA ";
    for (std::size_t i = next; i < values.size(); ++i) {
        if (i > next) result += ", ";
        result.append(type_name(values[i])).append("=").append(print(values[i]));
    }
    return result + ")";
}

}  // namespace tocsin::core::templates
