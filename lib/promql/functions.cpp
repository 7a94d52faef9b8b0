// The table of PromQL's functions, one row each, and that of its aggregations.

#include "promql/functions.hpp"

#include <algorithm>
#include <array>

namespace tocsin::promql {

namespace {

std::vector<Function> table() {
    constexpr Type s = Type::scalar;
    constexpr Type v = Type::vector;
    constexpr Type r = Type::range;
    constexpr Type t = Type::string;
    std::vector<Function> rows = {
        {"clamp", {v, s, s}},
        {"clamp_max", {v, s}},
        {"clamp_min", {v, s}},
        {"histogram_fraction", {s, s, v}},
        {"histogram_quantile", {s, v}},
        {"holt_winters", {r, s, s}},
        {"double_exponential_smoothing", {r, s, s}},
        {"label_join", {v, t, t, t}, -1},
        {"label_replace", {v, t, t, t, t}},
        {"pi", {}, 0, s},
        {"predict_linear", {r, s}},
        {"quantile_over_time", {s, r}},
        {"round", {v, s}, 1},
        {"scalar", {v}, 0, s},
        {"time", {}, 0, s},
        {"vector", {s}},
    };
    for (const char* name : {"abs",
                             "absent",
                             "acos",
                             "acosh",
                             "asin",
                             "asinh",
                             "atan",
                             "atanh",
                             "ceil",
                             "cos",
                             "cosh",
                             "deg",
                             "exp",
                             "floor",
                             "histogram_avg",
                             "histogram_count",
                             "histogram_stddev",
                             "histogram_stdvar",
                             "histogram_sum",
                             "ln",
                             "log10",
                             "log2",
                             "rad",
                             "sgn",
                             "sin",
                             "sinh",
                             "sort",
                             "sort_desc",
                             "sqrt",
                             "tan",
                             "tanh",
                             "timestamp"}) {
        rows.push_back({name, {v}});
    }
    for (const char* name : {"absent_over_time", "avg_over_time", "changes", "count_over_time",
                             "delta", "deriv", "idelta", "increase", "irate", "last_over_time",
                             "max_over_time", "min_over_time", "present_over_time", "rate",
                             "resets", "stddev_over_time", "stdvar_over_time", "sum_over_time"}) {
        rows.push_back({name, {r}});
    }
    for (const char* name : {"day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour",
                             "minute", "month", "year"}) {
        rows.push_back({name, {v}, 1});
    }
    return rows;
}

const std::vector<AggregationOperator>& aggregations() {
    static const std::vector<AggregationOperator> rows = {
        {"avg", {}},    {"bottomk", Type::scalar},
        {"count", {}},  {"count_values", Type::string},
        {"group", {}},  {"max", {}},
        {"min", {}},    {"quantile", Type::scalar},
        {"stddev", {}}, {"stdvar", {}},
        {"sum", {}},    {"topk", Type::scalar}};
    return rows;
}

}  // namespace

const std::vector<Function>& functions() {
    static const std::vector<Function> rows = table();
    return rows;
}

const Function* find_function(std::string_view name) {
    const auto found = std::find_if(functions().begin(), functions().end(),
                                    [name](const Function& row) { return row.name == name; });
    return found == functions().end() ? nullptr : &*found;
}

std::vector<std::string> function_names() {
    std::vector<std::string> names;
    for (const Function& row : functions()) names.emplace_back(row.name);
    for (const AggregationOperator& row : aggregations()) names.emplace_back(row.name);
    return names;
}

const AggregationOperator* find_aggregation(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto found =
        std::find_if(aggregations().begin(), aggregations().end(),
                     [&](const AggregationOperator& row) { return row.name == lower; });
    return found == aggregations().end() ? nullptr : &*found;
}

std::string_view name(Type type) {
    constexpr std::array<std::string_view, 4> names = {"scalar", "instant vector", "range vector",
                                                       "string"};
    return names[static_cast<std::size_t>(type)];
}

}  // namespace tocsin::promql
