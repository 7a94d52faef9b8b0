// The instant expressions of Prometheus' own test files parse, but for those marked as failing.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "promql/parse.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;

namespace {

/// Stable PromQL over floats; the other files test features that Prometheus calls experimental.
const std::vector<std::string>& stable_files() {
    static const std::vector<std::string> files = {
        "aggregators", "at_modifier",         "collision",    "functions", "histograms",
        "literals",    "name_label_dropping", "operators",    "selectors", "staleness",
        "subquery",    "trig_functions",      "range_queries"};
    return files;
}

/// Experimental or native-histogram features that stand among the stable ones.
bool is_experimental(std::string_view expression) {
    if (expression == "start()" || expression == "end()") return true;  // functions of 3.x
    for (const std::string_view word : {
             "limitk",
             "limit_ratio",
             "sort_by_label",
             "mad_over_time",
             "ts_of_",
             "first_over_time",
             "histogram_quantiles",
             "info(",
             "step()",
             "range()",
             "{{",
             "max_of(",
             "min_of(",
             "trim_",
             "</",
             ">/",
             "anchored",
             "smoothed",
             "fill",
         }) {
        if (expression.find(word) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the instant expressions of Prometheus' own test files parse") {
    const auto folder = support::shared_data() / "promqltest";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: there is no " << folder.string());
        return;
    }
    std::size_t parsed = 0;
    for (const std::string& file : stable_files()) {
        const std::string text = support::read_file(folder / (file + ".test"));
        const std::vector<std::string_view> lines = split(text, '\n');
        for (std::size_t i = 0; i < lines.size(); ++i) {
            constexpr std::string_view start = "eval instant at ";
            if (!lines[i].starts_with(start)) continue;
            const std::string_view rest = lines[i].substr(start.size());
            const std::size_t space = rest.find_first_of(" \t");
            if (space == std::string_view::npos) continue;
            const std::string_view expression = trim(rest.substr(space));
            const bool fails =
                i + 1 < lines.size() && lines[i + 1].find("expect fail") != std::string_view::npos;
            if (fails || is_experimental(expression)) continue;
            INFO(file << ": " << expression);
            const auto result = promql::parse(expression);
            CHECK_MESSAGE(result.has_value(), (result ? "" : result.error().message));
            ++parsed;
        }
    }
    CHECK(parsed > 700);
}
