// Instant queries: what is asked, and that value, empty, partial and error stay apart.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/limits.hpp"
#include "integrations/sources/prometheus.hpp"

using namespace tocsin;
using namespace tocsin::integrations;
namespace limits = tocsin::core::limits;
using Kind = core::SourceAnswer::Kind;

namespace {

Answer answered(int status, std::string body) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

std::string vector_of(const std::string& items, const std::string& more = "") {
    return R"({"status":"success","data":{"resultType":"vector","result":[)" + items + "]}" + more +
           "}";
}

const std::string one_series =
    R"({"metric":{"__name__":"lag","region":"us"},"value":[1700000000.123,"401"]})";

}  // namespace

TEST_CASE("a query is posted as a form, at its slot, with a server timeout below ours") {
    const Instant at = parse_rfc3339("2026-03-01T02:00:00.25Z").value();
    const HttpRequest request = query_request("http://p:9090/prometheus/", "up{a=\"b\"} > 1 + ü",
                                              at, seconds(10), {{"X-Scope-OrgID", "posthog"}});
    CHECK(request.method == "POST");
    CHECK(request.url == "http://p:9090/prometheus/api/v1/query");
    CHECK(request.body ==
          "query=up%7Ba%3D%22b%22%7D%20%3E%201%20%2B%20%C3%BC&time=1772330400.250000"
          "&timeout=8000ms");
    CHECK(request.headers.at(0) == Header{"X-Scope-OrgID", "posthog"});
    CHECK(request.headers.at(1) == Header{"Content-Type", "application/x-www-form-urlencoded"});
    CHECK(request.timeout == seconds(10));
    CHECK(request.response_bytes_max == limits::query_response_bytes_max);
    const HttpRequest whole = query_request("http://p", "1", Instant(seconds(5)), seconds(10));
    CHECK(whole.body.find("time=5&") != std::string::npos);
}

TEST_CASE("complete answers") {
    struct Row {
        std::string why, body;
        std::size_t series;
        std::string detail;
    };
    const std::vector<Row> rows = {
        {"one series", vector_of(one_series), 1, ""},
        {"none: empty is an answer", vector_of(""), 0, ""},
        {"a scalar is a series without labels",
         R"({"status":"success","data":{"resultType":"scalar","result":[1700000000,"2.5"]}})", 1,
         ""},
        {"resultType after result",
         R"({"data":{"result":[)" + one_series + R"(],"resultType":"vector"},"status":"success"})",
         1, ""},
        {"infos are fine", vector_of(one_series, R"(,"infos":["PromQL info: not a counter"])"), 1,
         ""},
        {"remarks on the expression among the warnings are fine",
         vector_of(one_series,
                   R"(,"warnings":["PromQL info: metric might not be a counter, name does not end",
                      "PromQL warning: quantile value should be between 0 and 1"])"),
         1, ""},
        {"VictoriaMetrics says that it is whole",
         vector_of(one_series, R"(,"isPartial":false,"stats":{"seriesFetched":"1"})"), 1, ""},
        {"a native histogram is left out and said",
         vector_of(
             one_series +
             R"(,{"metric":{"a":"b"},"histogram":[1,{"count":"5","buckets":[[0,"1","2","3"]]}]})"),
         1, "1 native histograms left out"},
        {"unknown fields", vector_of(one_series, R"(,"x":{"data":{"result":[1]}})"), 1, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const core::SourceAnswer answer = read_query(answered(200, row.body));
        CHECK(answer.kind == Kind::complete);
        CHECK(answer.source_answered);
        CHECK(answer.series.size() == row.series);
        CHECK(answer.detail == row.detail);
    }
}

TEST_CASE("labels and values arrive as they are, NaN and infinities too") {
    const core::SourceAnswer answer = read_query(
        answered(200, vector_of(one_series + R"(,{"metric":{"a":"n"},"value":[1,"NaN"]},)" +
                                R"({"metric":{"a":"p"},"value":[1,"+Inf"]},)" +
                                R"({"metric":{"a":"m"},"value":[1,"-Inf"]},)" +
                                R"({"value":[1,"1e+06"],"metric":{"a":"e"}},)" +
                                R"({"metric":{},"value":[1,"-0.5"]})")));
    REQUIRE(answer.series.size() == 6);
    CHECK(answer.series[0].labels == Labels{{"__name__", "lag"}, {"region", "us"}});
    CHECK(answer.series[0].value == 401);
    CHECK(std::isnan(answer.series[1].value));
    CHECK(answer.series[2].value == HUGE_VAL);
    CHECK(answer.series[3].value == -HUGE_VAL);
    CHECK(answer.series[4].value == 1e6);
    CHECK(answer.series[4].labels == Labels{{"a", "e"}});
    CHECK(answer.series[5].labels.empty());
}

TEST_CASE("answers that are only a part say so") {
    struct Row {
        std::string why, more, detail;
    };
    const std::vector<Row> rows = {
        {"Thanos lost a store", R"(,"warnings":["store gateway 3 unavailable"])",
         "store gateway 3 unavailable"},
        {"a real warning beside a remark", R"(,"warnings":["PromQL info: x","remote read failed"])",
         "remote read failed"},
        {"VictoriaMetrics lost a node", R"(,"isPartial":true)",
         "the server says that its answer is partial"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const core::SourceAnswer answer =
            read_query(answered(200, vector_of(one_series, row.more)));
        CHECK(answer.kind == Kind::partial);
        CHECK(answer.detail == row.detail);
        CHECK(answer.series.size() == 1);
    }
}

TEST_CASE("errors say what the peer said, and whether the source answers at all") {
    struct Row {
        std::string why;
        Answer answer;
        bool source_answered;
        std::string detail;
    };
    const std::string bad_data =
        R"({"status":"error","errorType":"bad_data","error":"parse error: unexpected end"})";
    const std::vector<Row> rows = {
        {"a bad expression", answered(400, bad_data), true,
         "answered 400: bad_data: parse error: unexpected end"},
        {"a query over a limit",
         answered(422, R"({"status":"error","errorType":"execution","error":"too many samples"})"),
         true, "answered 422: execution: too many samples"},
        {"an error under status 200", answered(200, bad_data), true,
         "bad_data: parse error: unexpected end"},
        {"a query that took too long",
         answered(503, R"({"status":"error","errorType":"timeout","error":"query timed out"})"),
         false, "answered 503: timeout: query timed out"},
        {"a proxy's page", answered(502, "<html>\r\n<b>Bad Gateway</b>"), false,
         "answered 502: <html>\\r\\n<b>Bad Gateway</b>"},
        {"no tenant", answered(401, "no org id"), false, "answered 401: no org id"},
        {"too often", answered(429, R"({"status":"error","errorType":"x","error":"slow down"})"),
         false, "answered 429: x: slow down"},
        {"nothing there", answered(404, ""), false, "answered 404"},
        {"a redirect", answered(302, ""), false, "answered 302"},
        {"refused",
         {.kind = Answer::Kind::unreachable, .error = "connection refused"},
         false,
         "not reached: connection refused"},
        {"cut off",
         {.kind = Answer::Kind::broken, .error = "timed out"},
         false,
         "no whole answer: timed out"},
        {"a matrix", answered(200, R"({"status":"success","data":{"resultType":"matrix","result":[
             {"metric":{"a":"b"},"values":[[1,"2"],[2,"3"]]}]}})"),
         true, "the expression gives a matrix, not an instant vector or a scalar"},
        {"a string",
         answered(200, R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})"),
         true, "the expression gives a string, not an instant vector or a scalar"},
        {"an empty object", answered(200, "{}"), false, "the answer has no status"},
        {"success without data", answered(200, R"({"status":"success"})"), false,
         "the answer has no resultType that we know"},
        {"a value that is no number",
         answered(200, vector_of(R"({"metric":{},"value":[1,"many"]})")), false,
         "1 values are not numbers"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const core::SourceAnswer answer = read_query(row.answer);
        CHECK(answer.kind == Kind::error);
        CHECK(answer.source_answered == row.source_answered);
        CHECK(answer.detail == row.detail);
        CHECK(answer.series.empty());
    }
}

TEST_CASE("a body that is not the API's is an error, never an empty answer") {
    for (const std::string body :
         {"", "<html>login</html>", "[]", "1", "null", "\"x\"", "{\"status\":\"success\",\"data\":",
          "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{}]}}"}) {
        CAPTURE(body);
        const core::SourceAnswer answer = read_query(answered(200, body));
        CHECK(answer.kind == Kind::error);
        CHECK_FALSE(answer.source_answered);
    }
    const core::SourceAnswer deep =
        read_query(answered(200, R"({"x":)" + std::string(1'000'000, '[')));
    CHECK(deep.kind == Kind::error);
    CHECK(deep.detail.size() < 500);
}

TEST_CASE("as many series as the bound are read, one more is an error") {
    std::string items;
    for (std::size_t i = 0; i < limits::series_per_answer_max; ++i) {
        items += R"({"metric":{},"value":[1,"1"]},)";
    }
    items.pop_back();
    const core::SourceAnswer at_bound = read_query(answered(200, vector_of(items)));
    CHECK(at_bound.kind == Kind::complete);
    CHECK(at_bound.series.size() == limits::series_per_answer_max);
    const core::SourceAnswer past = read_query(answered(200, vector_of(items + "," + one_series)));
    CHECK(past.kind == Kind::error);
    CHECK(past.series.empty());
}
