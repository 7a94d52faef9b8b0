// One pass over an instant query's answer: a small state machine over JSON tokens.
#include "integrations/sources/query_reader.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/json.hpp"
#include "integrations/sources/label_pairs.hpp"

namespace tocsin::integrations {

namespace {

namespace limits = core::limits;

enum class Key : std::uint8_t {
    other,
    status,
    data,
    error_type,
    error,
    warnings,
    is_partial,
    result_type,
    result,
    metric,
    value,
    histogram,
};

struct KeyName {
    std::string_view text;
    Key key;
};

constexpr std::array<KeyName, 11> key_names = {{{"metric", Key::metric},
                                                {"value", Key::value},
                                                {"histogram", Key::histogram},
                                                {"status", Key::status},
                                                {"data", Key::data},
                                                {"resultType", Key::result_type},
                                                {"result", Key::result},
                                                {"errorType", Key::error_type},
                                                {"error", Key::error},
                                                {"warnings", Key::warnings},
                                                {"isPartial", Key::is_partial}}};

Key key_named(std::string_view name) {
    for (const KeyName& row : key_names) {
        if (row.text == name) return row.key;
    }
    return Key::other;
}

class QueryReader final : public JsonEvents {
public:
    bool begin_object() override;
    bool end_object() override;
    bool begin_list() override;
    bool end_list() override;
    bool key(std::string_view name) override;
    bool text(std::string_view value) override;
    bool number(double value, std::string_view text) override;
    bool boolean(bool value) override;
    bool null() override { return at_ != At::start; }

    QueryRead read;

private:
    /// Each place has one parent, so that no stack is needed.
    enum class At : std::uint8_t { start, body, data, result, series, metric, value, warnings };

    bool enter(At place) { return at_ = place, true; }
    bool skip() { return skipped_ = 1, true; }
    void begin_series();
    void end_series();
    void set_value(std::string_view value);

    At at_ = At::start;
    std::size_t skipped_ = 0;  // depth inside something that we do not read
    Key key_ = Key::other;
    std::string name_;
    LabelPairs labels_;
    double value_ = 0;
    bool has_value_ = false;
    bool is_histogram_ = false;
};

bool QueryReader::begin_object() {
    if (skipped_ > 0) return ++skipped_, true;
    switch (at_) {
        case At::start:
            return enter(At::body);
        case At::body:
            return key_ == Key::data ? enter(At::data) : skip();
        case At::result:
            return begin_series(), enter(At::series);
        case At::series:
            if (key_ == Key::metric) return labels_.clear(), enter(At::metric);
            return skip();
        case At::data:
        case At::metric:
        case At::value:
        case At::warnings:
            return skip();
    }
    return false;
}

bool QueryReader::end_object() {
    if (skipped_ > 0) return --skipped_, true;
    switch (at_) {
        case At::data:
            return enter(At::body);
        case At::series:
            return end_series(), enter(At::result);
        case At::metric:
            return enter(At::series);
        case At::start:
        case At::body:
        case At::result:
        case At::value:
        case At::warnings:
            return true;
    }
    return false;
}

bool QueryReader::begin_list() {
    if (skipped_ > 0) return ++skipped_, true;
    if (at_ == At::start) return false;
    if (at_ == At::body && key_ == Key::warnings) return enter(At::warnings);
    if (at_ == At::data && key_ == Key::result) {
        begin_series();  // of a scalar: its values stand here
        return enter(At::result);
    }
    if (at_ == At::series && key_ == Key::value) return enter(At::value);
    if (at_ == At::series && key_ == Key::histogram) is_histogram_ = true;
    return skip();
}

bool QueryReader::end_list() {
    if (skipped_ > 0) return --skipped_, true;
    if (at_ == At::value) return enter(At::series);
    if (at_ == At::warnings) return enter(At::body);
    if (read.series_count == 0 && has_value_) end_series();
    return enter(At::data);
}

bool QueryReader::key(std::string_view name) {
    if (skipped_ > 0) return true;
    if (at_ == At::metric) {
        name_ = name;
    } else {
        key_ = key_named(name);
    }
    return true;
}

bool QueryReader::text(std::string_view value) {
    if (skipped_ > 0) return true;
    constexpr std::size_t kept_bytes_max = 1024;
    switch (at_) {
        case At::start:
            return false;
        case At::body:
            if (key_ == Key::status) read.status = truncate(value, kept_bytes_max);
            if (key_ == Key::error_type) read.error_type = truncate(value, kept_bytes_max);
            if (key_ == Key::error) read.error = truncate(value, kept_bytes_max);
            return true;
        case At::data:
            if (key_ == Key::result_type) read.result_type = truncate(value, kept_bytes_max);
            return true;
        case At::metric:
            if (labels_.size() < limits::labels_per_alert_max) {
                labels_.add(name_, value, limits::label_value_bytes_max);
            }
            return true;
        case At::result:
        case At::value:
            set_value(value);
            return true;
        case At::warnings:
            if (read.warnings.size() < limits::query_warnings_max) {
                read.warnings.push_back(truncate(value, kept_bytes_max));
            }
            return true;
        case At::series:
            return true;
    }
    return false;
}

bool QueryReader::number(double /*value*/, std::string_view /*text*/) {
    return at_ != At::start;  // the instant of a value is the one that we asked for
}

bool QueryReader::boolean(bool value) {
    if (skipped_ == 0 && at_ == At::body && key_ == Key::is_partial) read.is_partial = value;
    return at_ != At::start;
}

void QueryReader::begin_series() {
    labels_.clear();
    has_value_ = false;
    is_histogram_ = false;
}

void QueryReader::set_value(std::string_view value) {
    const std::optional<double> number = parse_number(value);
    has_value_ = number.has_value();
    value_ = number.value_or(0);
    if (at_ == At::result && !has_value_) ++read.unreadable_values;
}

void QueryReader::end_series() {
    if (is_histogram_ && !has_value_) {
        ++read.histograms;
        return;
    }
    if (!has_value_) {
        ++read.unreadable_values;
        return;
    }
    if (++read.series_count > limits::series_per_answer_max) return;
    read.series.push_back({.labels = labels_.labels(), .value = value_});
}

}  // namespace

Result<QueryRead> read_query_body(std::string_view body) {
    QueryReader reader;
    const Status whole = read_json(body, reader, {.bytes_max = limits::query_response_bytes_max});
    if (!whole) return whole.error();
    return std::move(reader.read);
}

}  // namespace tocsin::integrations
