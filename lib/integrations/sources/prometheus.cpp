// Instant queries and their answers, with value, empty, partial and error kept apart.
#include "integrations/sources/prometheus.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/sink.hpp"
#include "integrations/sources/query_reader.hpp"

namespace tocsin::integrations {

namespace {

namespace limits = core::limits;

/// Of a form (WHATWG URL §5.1): everything but letters, digits and `*-._` as %XX.
void append_form_field(std::string& form, std::string_view name, std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (!form.empty()) form += '&';
    form += name;
    form += '=';
    for (const char c : value) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '*' || c == '-' || c == '.' ||
                              c == '_';
        if (is_plain) {
            form += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        form += '%';
        form += digits[byte >> 4U];
        form += digits[byte & 15U];
    }
}

/// Unix seconds with all microseconds: a double written shortly would lose some.
std::string unix_seconds(Instant at) {
    const auto micros = at.time_since_epoch().count();
    std::string text = std::to_string(micros / 1'000'000);
    const auto fraction = micros % 1'000'000;
    if (fraction == 0) return text;
    const std::string digits = std::to_string(fraction < 0 ? -fraction : fraction);
    text += '.' + std::string(6 - digits.size(), '0') + digits;
    return text;
}

/// A server that gives up at 80% of our patience can still say so.
Duration server_timeout(Duration ours) {
    return std::max<Duration>(ours * 4 / 5, milliseconds(1));
}

core::SourceAnswer failed(std::string detail, bool source_answered) {
    return {.source = {},
            .kind = core::SourceAnswer::Kind::error,
            .series = {},
            .detail = std::move(detail),
            .source_answered = source_answered};
}

/// Statuses that say nothing of the query itself: who asks, how often, or that nothing is there.
bool is_about_the_way(int status) {
    constexpr std::array<int, 5> about_the_way = {401, 403, 404, 407, 429};
    return status >= 500 || std::ranges::find(about_the_way, status) != about_the_way.end();
}

std::string api_error(const QueryRead& read) {
    if (read.error_type.empty()) return quote_peer(read.error);
    return quote_peer(read.error_type + ": " + read.error);
}

core::SourceAnswer read_refusal(const Answer& answer) {
    const Result<QueryRead> read = read_query_body(answer.body);
    const bool from_api = read && read->status == "error";
    std::string detail = "answered " + std::to_string(answer.status);
    const std::string said = from_api ? api_error(*read) : quote_peer(answer.body);
    if (!said.empty()) detail += ": " + said;
    return failed(std::move(detail), from_api && !is_about_the_way(answer.status));
}

/// Remarks on the expression itself, which Thanos hands on among the warnings.
bool is_remark(std::string_view warning) {
    constexpr std::array<std::string_view, 3> marks = {"PromQL info", "PromQL warning",
                                                       "metric might not be a counter"};
    return std::ranges::any_of(
        marks, [&](std::string_view mark) { return warning.find(mark) != warning.npos; });
}

core::SourceAnswer read_success(QueryRead read) {
    if (read.result_type == "matrix" || read.result_type == "string") {
        return failed(
            "the expression gives a " + read.result_type + ", not an instant vector or a scalar",
            true);
    }
    if (read.result_type != "vector" && read.result_type != "scalar") {
        return failed("the answer has no resultType that we know", false);
    }
    if (read.series_count > limits::series_per_answer_max) {
        return failed("more than " + std::to_string(limits::series_per_answer_max) +
                          " series: aggregate in the expression",
                      true);
    }
    if (read.unreadable_values > 0) {
        return failed(std::to_string(read.unreadable_values) + " values are not numbers", false);
    }
    core::SourceAnswer answer{.source = {},
                              .kind = core::SourceAnswer::Kind::complete,
                              .series = std::move(read.series),
                              .detail = {},
                              .source_answered = true};
    if (read.histograms > 0) {
        answer.detail = std::to_string(read.histograms) + " native histograms left out";
    }
    const auto partial = std::ranges::find_if_not(read.warnings, is_remark);
    if (partial != read.warnings.end()) answer.detail = quote_peer(*partial);
    if (read.is_partial) answer.detail = "the server says that its answer is partial";
    if (read.is_partial || partial != read.warnings.end()) {
        answer.kind = core::SourceAnswer::Kind::partial;
    }
    return answer;
}

}  // namespace

HttpRequest query_request(std::string_view url, std::string_view expression, Instant at,
                          Duration timeout, std::vector<Header> headers) {
    while (url.ends_with('/')) url.remove_suffix(1);
    std::string form;
    append_form_field(form, "query", expression);
    append_form_field(form, "time", unix_seconds(at));
    append_form_field(form, "timeout",
                      std::to_string(server_timeout(timeout) / milliseconds(1)) + "ms");
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    headers.emplace_back("Accept", "application/json");
    return {.method = "POST",
            .url = std::string(url) + "/api/v1/query",
            .headers = std::move(headers),
            .body = std::move(form),
            .timeout = timeout,
            .response_bytes_max = limits::query_response_bytes_max};
}

core::SourceAnswer read_query(const Answer& answer) {
    if (answer.kind != Answer::Kind::answered) {
        const bool unreachable = answer.kind == Answer::Kind::unreachable;
        std::string detail = unreachable ? "not reached" : "no whole answer";
        if (!answer.error.empty()) detail += ": " + quote_peer(answer.error);
        return failed(std::move(detail), false);
    }
    if (answer.status < 200 || answer.status >= 300) return read_refusal(answer);
    Result<QueryRead> read = read_query_body(answer.body);
    if (!read) {
        return failed("the answer is not Prometheus' (" + read.error().message +
                          "): " + quote_peer(answer.body),
                      false);
    }
    if (read->status == "error") return failed(api_error(*read), true);
    if (read->status != "success") return failed("the answer has no status", false);
    return read_success(std::move(*read));
}

}  // namespace tocsin::integrations
