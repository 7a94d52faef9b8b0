// The functions of templates, one row each: Go's built-in ones and those that Prometheus adds.

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "core/template_tree.hpp"

namespace tocsin::core::templates {

namespace {

constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

Error misuse(std::string message) {
    return Error{.code = "bad_template", .message = std::move(message)};
}

Result<Value> call_and(const Arguments& arguments, const TemplateData&) {
    for (const Value& value : arguments) {
        if (!is_true(value)) return value;
    }
    return arguments.back();
}

Result<Value> call_or(const Arguments& arguments, const TemplateData&) {
    for (const Value& value : arguments) {
        if (is_true(value)) return value;
    }
    return arguments.back();
}

Result<Value> call_not(const Arguments& arguments, const TemplateData&) {
    return Value{!is_true(arguments[0])};
}

/// -1, 0, 1; nullopt when Go cannot compare the two, an int with a float64 among them.
std::optional<int> compare(const Value& a, const Value& b) {
    if (a.held.index() != b.held.index()) return std::nullopt;
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (const auto* x = std::get_if<std::int64_t>(&a.held)) {
        return order(*x, std::get<std::int64_t>(b.held));
    }
    if (const auto* x = std::get_if<std::string>(&a.held)) {
        return order(*x, std::get<std::string>(b.held));
    }
    if (const auto* x = std::get_if<bool>(&a.held)) return order(*x, std::get<bool>(b.held));
    if (const auto* x = std::get_if<double>(&a.held)) {
        const double y = std::get<double>(b.held);
        if (std::isnan(*x) || std::isnan(y)) return 2;  // neither less, nor equal, nor greater
        return order(*x, y);
    }
    return std::nullopt;
}

Error cannot_compare(const Value& a, const Value& b) {
    return misuse("a " + std::string(type_name(a)) + " cannot be compared with a " +
                  std::string(type_name(b)) +
                  "; a number with a fraction, like 5.0, compares with $value");
}

Result<Value> equals(const Arguments& arguments, const TemplateData&) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::optional<int> order = compare(arguments[0], arguments[i]);
        if (!order) return cannot_compare(arguments[0], arguments[i]);
        if (*order == 0) return Value{true};
    }
    return Value{false};
}

template <class Holds>
Result<Value> compared(const Arguments& arguments, Holds holds) {
    const std::optional<int> order = compare(arguments[0], arguments[1]);
    if (!order) return cannot_compare(arguments[0], arguments[1]);
    return Value{holds(*order)};
}

Result<Value> differs(const Arguments& arguments, const TemplateData&) {
    return compared(arguments, [](int order) { return order != 0; });
}
Result<Value> less(const Arguments& arguments, const TemplateData&) {
    return compared(arguments, [](int order) { return order == -1; });
}
Result<Value> at_most(const Arguments& arguments, const TemplateData&) {
    return compared(arguments, [](int order) { return order == -1 || order == 0; });
}
Result<Value> greater(const Arguments& arguments, const TemplateData&) {
    return compared(arguments, [](int order) { return order == 1; });
}
Result<Value> at_least(const Arguments& arguments, const TemplateData&) {
    return compared(arguments, [](int order) { return order == 1 || order == 0; });
}

Result<Value> length(const Arguments& arguments, const TemplateData&) {
    const auto& held = arguments[0].held;
    std::size_t size = 0;
    if (const auto* text = std::get_if<std::string>(&held))
        size = text->size();
    else if (const auto* labels = std::get_if<const Labels*>(&held))
        size = (*labels)->size();
    else if (const auto* members = std::get_if<Members>(&held))
        size = (*members)->size();
    else if (!std::holds_alternative<NoSeries>(held)) {
        return misuse("len of a " + std::string(type_name(arguments[0])));
    }
    return Value{static_cast<std::int64_t>(size)};
}

Result<Value> index(const Arguments& arguments, const TemplateData&) {
    if (arguments.size() == 1) return arguments[0];
    const auto* name = std::get_if<std::string>(&arguments[1].held);
    const auto& held = arguments[0].held;
    if (std::holds_alternative<NoSeries>(held)) return misuse("index of an empty result");
    if (name == nullptr || arguments.size() > 2) {
        return misuse("index wants labels and one name");
    }
    if (const auto* labels = std::get_if<const Labels*>(&held)) {
        return Value{std::string((*labels)->get(*name))};
    }
    if (const auto* members = std::get_if<Members>(&held)) {
        for (const auto& [member, value] : **members) {
            if (member == *name) return value;
        }
        return Value{};
    }
    return misuse("index of a " + std::string(type_name(arguments[0])));
}

/// fmt.Sprint: a space between two values neither of which is a string.
Result<Value> call_print(const Arguments& arguments, const TemplateData&) {
    std::string text;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto is_text = [&](std::size_t at) {
            return std::holds_alternative<std::string>(arguments[at].held);
        };
        if (i > 0 && !is_text(i - 1) && !is_text(i)) text += ' ';
        const bool nothing = std::holds_alternative<Nothing>(arguments[i].held);
        text += nothing ? "<nil>" : print(arguments[i]);
    }
    return Value{text};
}

Result<Value> call_println(const Arguments& arguments, const TemplateData&) {
    std::vector<std::string> parts;
    for (const Value& value : arguments) parts.push_back(print(value));
    return Value{join(parts, " ") + "\n"};
}

Result<Value> call_printf(const Arguments& arguments, const TemplateData&) {
    const auto* pattern = std::get_if<std::string>(&arguments[0].held);
    if (pattern == nullptr) return misuse("printf wants a text first");
    return Value{format(*pattern, arguments, 1)};
}

Result<Value> call_args(const Arguments& arguments, const TemplateData&) {
    std::vector<std::pair<std::string, Value>> members;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        members.emplace_back("arg" + std::to_string(i), arguments[i]);
    }
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return Value{std::make_shared<const std::vector<std::pair<std::string, Value>>>(members)};
}

Result<Value> no_series(const Arguments&, const TemplateData&) {
    return Value{NoSeries{}};
}

Result<Value> first_series(const Arguments&, const TemplateData&) {
    return misuse("first() called on vector with no elements");
}

Result<Value> of_a_series(const Arguments&, const TemplateData&) {
    return misuse("there is no series to read; `query` yields none here");
}

}  // namespace

std::vector<Function> logic_functions() {
    return {
        {"and", "The first value that is empty, else the last.", 1, any, call_and},
        {"or", "The first value that is not empty, else the last.", 1, any, call_or},
        {"not", "True for an empty value.", 1, 1, call_not},
        {"eq", "The first equals one of the others; types must be the same.", 2, any, equals},
        {"ne", "The two differ.", 2, 2, differs},
        {"lt", "The first is less.", 2, 2, less},
        {"le", "The first is at most the second.", 2, 2, at_most},
        {"gt", "The first is greater.", 2, 2, greater},
        {"ge", "The first is at least the second.", 2, 2, at_least},
        {"len", "The number of bytes of a text, or of members.", 1, 1, length},
        {"index", "A label by its name: index $labels \"x\".", 1, any, index},
        {"print", "Its arguments as text.", 0, any, call_print},
        {"println", "Its arguments as text, with a line end.", 0, any, call_println},
        {"printf", "Go's printf: %s %v %q %d %f %.2f %g %e %t %x %%.", 1, any, call_printf},
        {"args", "Its arguments as members arg0, arg1, ….", 0, any, call_args},
        {"query", "Asks nobody; yields a result without series.", 1, 1, no_series},
        {"sortByLabel", "The series of a result, sorted by a label.", 2, 2, no_series},
        {"first", "The first series of a result.", 1, 1, first_series},
        {"value", "The value of a series.", 1, 1, of_a_series},
        {"label", "A label of a series.", 2, 2, of_a_series},
        {"strvalue", "The label __value__ of a series.", 1, 1, of_a_series},
    };
}

const std::vector<Function>& functions() {
    static const std::vector<Function> table = [] {
        std::vector<Function> rows = logic_functions();
        for (const auto& more : {number_functions(), text_functions()}) {
            rows.insert(rows.end(), more.begin(), more.end());
        }
        return rows;
    }();
    return table;
}

}  // namespace tocsin::core::templates
