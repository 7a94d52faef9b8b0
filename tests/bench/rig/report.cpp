// Plain columns, so that the table can be pasted anywhere.
#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace tocsin::bench {
namespace {

std::string number(const std::optional<double>& value, int decimals) {
    if (!value) return "-";
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, *value);
    return text.data();
}

std::string ratio_of(const Row& row) {
    if (!row.tocsin || !row.alertmanager || *row.alertmanager == 0) return "-";
    const double ratio = *row.tocsin / *row.alertmanager;
    return ratio > 0 && ratio < 1 ? "1/" + number(1 / ratio, 1) : number(ratio, 2);
}

std::string target_of(const Row& row) {
    if (row.at_most) return "<= " + number(row.at_most, *row.at_most < 10 ? 1 : 0);
    if (row.share_at_most) return "<= 1/" + number(1 / *row.share_at_most, 0);
    return "";
}

std::string verdict_of(const Row& row) {
    if (!row.at_most && !row.share_at_most) return "";
    if (!row.tocsin) return "not measured";
    if (row.at_most) return *row.tocsin <= *row.at_most ? "reached" : "NOT REACHED";
    if (!row.alertmanager) return "not comparable: no Alertmanager";
    return *row.tocsin <= *row.alertmanager * *row.share_at_most ? "reached" : "NOT REACHED";
}

}  // namespace

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const double place = share * static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::ceil(place))];
}

void print_heading(const std::string& title) {
    std::printf("\n%s\n  %-44s %-6s %10s %13s %8s  %-8s\n", title.c_str(), "", "", "tocsin",
                "Alertmanager", "ratio", "target");
}

void print_row(const Row& row) {
    std::printf("  %-44s %-6s %10s %13s %8s  %-8s %s\n", row.what.c_str(), row.unit.c_str(),
                number(row.tocsin, row.decimals).c_str(),
                number(row.alertmanager, row.decimals).c_str(), ratio_of(row).c_str(),
                target_of(row).c_str(), verdict_of(row).c_str());
    std::fflush(stdout);
}

std::string spread(const std::vector<double>& rounds, int decimals) {
    if (rounds.empty()) return "-";
    std::string text;
    for (const double value : rounds) text += (text.empty() ? "" : " ") + number(value, decimals);
    return text;
}

}  // namespace tocsin::bench
