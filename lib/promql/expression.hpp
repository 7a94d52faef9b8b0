#pragma once
// The tree of a PromQL expression, with the bytes that each part came from.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/matcher.hpp"
#include "base/time.hpp"

namespace tocsin::promql {

inline constexpr std::size_t expression_depth_max = 100;  // nested parts; bounds every recursion
inline constexpr std::size_t expression_bytes_max = 64 * 1024;

enum class Type : std::uint8_t { scalar, vector, range, string };
[[nodiscard]] std::string_view name(Type type);  // "scalar", "instant vector", …

struct Expression;
using Part = std::shared_ptr<const Expression>;

/// `@ 1609746000`, `@ start()`, `@ end()`.
struct At {
    enum class Kind : std::uint8_t { instant, start, end };
    Kind kind = Kind::instant;
    double seconds = 0;
};

struct Timing {
    std::optional<Duration> offset;
    std::optional<At> at;
};

struct Number {
    double value = 0;
};
struct Text {
    std::string value;
};
struct Selector {
    std::string name;               // empty when only a matcher on __name__ or none says it
    std::vector<Matcher> matchers;  // without the name
    std::optional<Duration> range;
    Timing timing;
};
struct Subquery {
    Part inner;
    Duration range{0};
    std::optional<Duration> step;  // absent: the default evaluation interval
    Timing timing;
};
struct Call {
    std::string function;
    std::vector<Part> arguments;
};
struct Aggregation {
    std::string operation;  // "sum", "topk", …
    Part parameter;         // of topk, bottomk, quantile and count_values
    Part inner;
    bool without = false;
    std::vector<std::string> labels;
};
struct Unary {
    bool negative = false;
    Part inner;
};
struct Matching {
    enum class Group : std::uint8_t { none, left, right };
    bool given = false;  // `on` or `ignoring` is written
    bool on = false;
    std::vector<std::string> labels;
    Group group = Group::none;
    std::vector<std::string> include;  // of group_left and group_right
};
struct Binary {
    std::string op;  // "+", "==", "and", …
    Part left, right;
    bool returns_bool = false;
    Matching matching;
};
struct Parentheses {
    Part inner;
};

struct Expression {
    std::variant<Number, Text, Selector, Subquery, Call, Aggregation, Unary, Binary, Parentheses>
        node;
    Type type = Type::scalar;
    std::size_t begin = 0;  // bytes of the text that was parsed
    std::size_t end = 0;
};

}  // namespace tocsin::promql
