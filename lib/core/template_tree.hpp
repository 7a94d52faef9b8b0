#pragma once
// The tree of a parsed template, the values that flow through it, and the functions they may call.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/labels.hpp"
#include "base/result.hpp"
#include "core/template.hpp"

namespace tocsin::core::templates {

struct Nothing {};   // Go's nil; prints as `<no value>`
struct Root {};      // the `.` of the whole template
struct NoSeries {};  // what `query` yields: a result without a series
struct Value;
using Members = std::shared_ptr<const std::vector<std::pair<std::string, Value>>>;

struct Value {
    std::variant<Nothing, bool, std::int64_t, double, std::string, const Labels*, Root, NoSeries,
                 Members>
        held;
};

/// As Go's `print` writes it.
[[nodiscard]] std::string print(const Value& value);
/// Go's name of its type: `string`, `float64`, …
[[nodiscard]] std::string_view type_name(const Value& value);
/// Empty text, 0, false and what has no members are not true.
[[nodiscard]] bool is_true(const Value& value);
/// fmt.Sprintf over `values` from `first` on, its misuse marks (`%!d(string=x)`) included.
[[nodiscard]] std::string format(std::string_view pattern, const std::vector<Value>& values,
                                 std::size_t first);
/// `%.4g`, as the humanize functions print.
[[nodiscard]] std::string four_digits(double number);

using Arguments = std::vector<Value>;

struct Function {
    std::string_view name;
    std::string_view help;
    std::size_t arguments_min = 0;
    std::size_t arguments_max = 0;
    Result<Value> (*call)(const Arguments&, const TemplateData&) = nullptr;
};

/// The rows of every function, in the order in which they are documented.
[[nodiscard]] const std::vector<Function>& functions();
[[nodiscard]] std::vector<Function> text_functions();
[[nodiscard]] std::vector<Function> number_functions();
[[nodiscard]] std::vector<Function> logic_functions();

struct Pipeline;

struct Operand {
    enum class Kind : std::uint8_t { literal, dot, variable, function, parentheses };
    Kind kind = Kind::literal;
    Value literal;
    std::string name;  // of the variable, with its `$`
    Function function;
    std::shared_ptr<const Pipeline> inner;
    std::vector<std::string> fields;  // `.a.b` behind it
};

/// The first operand is a function with the others as its arguments, or it stands alone.
using Command = std::vector<Operand>;

struct Pipeline {
    std::vector<std::string> declared;  // `$x :=`, in a range also `$k, $v :=`
    bool assigns = false;               // `=`: the variable exists
    std::vector<Command> commands;
};

struct Node {
    enum class Kind : std::uint8_t { text, action, if_true, with, range };
    Kind kind = Kind::text;
    std::string text = {};
    Pipeline pipeline = {};
    std::vector<Node> body = {};
    std::vector<Node> otherwise = {};
};

/// Errors: see Template::parse.
Result<std::vector<Node>> parse(std::string_view text);

enum class TokenKind : std::uint8_t {
    end,
    word,      // a function, `if`, `true`
    field,     // `.name`
    dot,       // `.` alone
    variable,  // `$` or `$name`
    number,
    text,       // a string literal, with its quotes
    character,  // 'x'
    symbol,     // ( ) | , := =
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;
    std::size_t offset = 0;  // in the whole template
    bool after_space = false;
};

/// The tokens of one action, without its braces; the last one is `end`.
Result<std::vector<Token>> tokens_of(std::string_view action, std::size_t offset);

/// Integers as Go has them (decimal, 0x, 0o, 0b, `_`), else a floating-point number.
std::optional<Value> number_value(std::string_view text);

Error parse_error(std::string message, std::size_t offset);

}  // namespace tocsin::core::templates
