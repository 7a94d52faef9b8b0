// One pass over a body of alerts: a small state machine over JSON tokens, without a document.
#include "integrations/sources/alert_reader.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "core/signal.hpp"
#include "integrations/json.hpp"
#include "integrations/sink.hpp"
#include "integrations/sources/label_pairs.hpp"

namespace tocsin::integrations {

namespace {

namespace limits = core::limits;

/// Go's zero time.Time: "no end".
constexpr Instant go_zero_time_end = std::chrono::sys_days{std::chrono::year{1} / 1 / 2};

enum class Key : std::uint8_t {
    other,
    alerts,
    receiver,
    version,
    external_url,
    group_key,
    truncated,
    status,
    labels,
    annotations,
    starts_at,
    ends_at,
    generator_url,
    receivers,
    state,
    name,
};

struct KeyName {
    std::string_view text;
    Key key;
};

constexpr std::array<KeyName, 6> body_keys = {{{"alerts", Key::alerts},
                                               {"receiver", Key::receiver},
                                               {"version", Key::version},
                                               {"externalURL", Key::external_url},
                                               {"groupKey", Key::group_key},
                                               {"truncatedAlerts", Key::truncated}}};
constexpr std::array<KeyName, 7> alert_keys = {{{"labels", Key::labels},
                                                {"annotations", Key::annotations},
                                                {"startsAt", Key::starts_at},
                                                {"endsAt", Key::ends_at},
                                                {"status", Key::status},
                                                {"generatorURL", Key::generator_url},
                                                {"receivers", Key::receivers}}};

template <std::size_t size>
Key key_named(const std::array<KeyName, size>& rows, std::string_view name) {
    for (const KeyName& row : rows) {
        if (row.text == name) return row.key;
    }
    return Key::other;
}

class AlertReader final : public JsonEvents {
public:
    explicit AlertReader(AlertShape shape) : shape_(shape) {}

    bool begin_object() override;
    bool end_object() override;
    bool begin_list() override;
    bool end_list() override;
    bool key(std::string_view name) override;
    bool text(std::string_view value) override;
    bool number(double value, std::string_view text) override;
    bool boolean(bool value) override { return other_scalar(value ? "true" : "false"); }
    bool null() override { return other_scalar({}); }

    AlertsRead read;
    bool has_alerts = false;
    std::string trouble;

private:
    /// Where we are; each place has one parent, so that no stack is needed.
    enum class At : std::uint8_t {
        start,
        body,
        alerts,
        alert,
        labels,
        annotations,
        status,
        receivers,
        receiver,
        end,
    };

    bool enter(At place) { return at_ = place, true; }
    bool skip() { return skipped_ = 1, true; }
    bool fail(std::string message) { return trouble = std::move(message), false; }
    bool other_scalar(std::string_view text);
    bool not_an_object();
    void begin_alert();
    void end_alert();
    void set_alert_text(std::string_view value);
    void set_body_text(std::string_view value);
    void set_time(std::optional<Instant>& time, std::string_view value);
    void add_pair(std::string_view value);

    ReadAlert& alert() { return read.alerts.back(); }

    AlertShape shape_;
    At at_ = At::start;
    std::size_t skipped_ = 0;  // depth inside something that we do not read
    std::size_t position_ = 0;
    Key key_ = Key::other;
    std::string name_;  // of a label or annotation
    std::string generator_url_;
    LabelPairs labels_, annotations_;
};

bool AlertReader::begin_object() {
    if (skipped_ > 0) return ++skipped_, true;
    switch (at_) {
        case At::start:
            if (shape_ == AlertShape::webhook) return enter(At::body);
            return fail("expected a list of alerts, found an object");
        case At::body:
            return key_ == Key::alerts ? fail("`alerts` is an object, not a list") : skip();
        case At::alerts:
            return begin_alert(), enter(At::alert);
        case At::alert:
            if (key_ == Key::labels) return labels_.clear(), enter(At::labels);
            if (key_ == Key::annotations) return annotations_.clear(), enter(At::annotations);
            return key_ == Key::status ? enter(At::status) : skip();
        case At::receivers:
            return enter(At::receiver);
        case At::labels:
        case At::annotations:
            return ++read.cut.labels_dropped, skip();
        case At::status:
        case At::receiver:
        case At::end:
            return skip();
    }
    return false;
}

bool AlertReader::end_object() {
    if (skipped_ > 0) return --skipped_, true;
    switch (at_) {
        case At::body:
            return enter(At::end);
        case At::alert:
            return end_alert(), enter(At::alerts);
        case At::labels:
        case At::annotations:
        case At::status:
            return enter(At::alert);
        case At::receiver:
            return enter(At::receivers);
        case At::start:
        case At::alerts:
        case At::receivers:
        case At::end:
            return true;
    }
    return false;
}

bool AlertReader::begin_list() {
    if (skipped_ > 0) return ++skipped_, true;
    const bool at_alerts =
        at_ == At::body ? key_ == Key::alerts : at_ == At::start && shape_ == AlertShape::list;
    if (at_alerts) {
        read.alerts.clear();  // of two `alerts`, the last wins
        read.not_objects.clear();
        position_ = 0;
        has_alerts = true;
        return enter(At::alerts);
    }
    if (at_ == At::start) return fail("expected an object with `alerts`, found a list");
    if (at_ == At::alert && key_ == Key::receivers) {
        alert().receivers.clear();
        return enter(At::receivers);
    }
    if (at_ == At::alerts) not_an_object();
    if (at_ == At::labels || at_ == At::annotations) ++read.cut.labels_dropped;
    return skip();
}

bool AlertReader::end_list() {
    if (skipped_ > 0) return --skipped_, true;
    if (at_ == At::receivers) return enter(At::alert);
    return enter(shape_ == AlertShape::webhook ? At::body : At::end);
}

bool AlertReader::key(std::string_view name) {
    if (skipped_ > 0) return true;
    switch (at_) {
        case At::body:
            key_ = key_named(body_keys, name);
            break;
        case At::alert:
            key_ = key_named(alert_keys, name);
            break;
        case At::labels:
        case At::annotations:
            name_ = name;
            break;
        case At::status:
            key_ = name == "state" ? Key::state : Key::other;
            break;
        case At::receiver:
            key_ = name == "name" ? Key::name : Key::other;
            break;
        case At::start:
        case At::alerts:
        case At::receivers:
        case At::end:
            break;
    }
    return true;
}

bool AlertReader::text(std::string_view value) {
    if (skipped_ > 0) return true;
    switch (at_) {
        case At::labels:
        case At::annotations:
            add_pair(value);
            return true;
        case At::alert:
            set_alert_text(value);
            return true;
        case At::body:
            if (key_ == Key::alerts) return fail("`alerts` is a text, not a list");
            set_body_text(value);
            return true;
        case At::status:
            if (key_ == Key::state) alert().state = truncate(value, limits::name_bytes_max);
            return true;
        case At::receiver:
            if (key_ == Key::name && alert().receivers.size() < limits::labels_per_alert_max) {
                alert().receivers.push_back(truncate(value, limits::name_bytes_max));
            }
            return true;
        case At::alerts:
            return not_an_object();
        case At::start:
            return fail("expected alerts, found a text");
        case At::receivers:
        case At::end:
            return true;
    }
    return false;
}

bool AlertReader::number(double value, std::string_view text) {
    if (skipped_ == 0 && at_ == At::body && key_ == Key::truncated) {
        constexpr double most = 1e15;
        read.truncated_alerts = value >= 0 && value < most ? static_cast<std::uint64_t>(value) : 1;
        return true;
    }
    return other_scalar(text);
}

/// Numbers, booleans and null where a text is usual: label values are taken as they were written.
bool AlertReader::other_scalar(std::string_view text) {
    if (skipped_ > 0) return true;
    if (at_ == At::labels || at_ == At::annotations) return add_pair(text), true;
    if (at_ == At::alerts) return not_an_object();
    if (at_ == At::start) return fail("expected alerts, found a single value");
    if (at_ == At::body && key_ == Key::alerts) {
        if (!text.empty()) return fail("`alerts` is a single value, not a list");
        has_alerts = true;  // null: how Go writes a list that was never made
    }
    return true;
}

bool AlertReader::not_an_object() {
    ++position_;
    if (read.not_objects.size() < limits::complaints_max) read.not_objects.push_back(position_);
    return true;
}

void AlertReader::begin_alert() {
    read.alerts.emplace_back().position = ++position_;
    labels_.clear();
    annotations_.clear();
    generator_url_.clear();
}

void AlertReader::end_alert() {
    if (!generator_url_.empty()) {
        annotations_.add(core::generator_url_annotation, generator_url_,
                         limits::annotation_value_bytes_max);
    }
    alert().seen.labels = labels_.labels();
    alert().seen.annotations = annotations_.labels();
}

void AlertReader::set_alert_text(std::string_view value) {
    if (key_ == Key::starts_at) return set_time(alert().seen.starts_at, value);
    if (key_ == Key::ends_at) return set_time(alert().seen.ends_at, value);
    if (key_ == Key::generator_url) {
        generator_url_ = value;
    } else if (key_ == Key::status) {
        alert().status = value == "firing"     ? ReadAlert::Status::firing
                         : value == "resolved" ? ReadAlert::Status::resolved
                                               : ReadAlert::Status::absent;
    }
}

void AlertReader::set_body_text(std::string_view value) {
    std::string* const target = key_ == Key::receiver       ? &read.receiver
                                : key_ == Key::version      ? &read.version
                                : key_ == Key::external_url ? &read.external_url
                                : key_ == Key::group_key    ? &read.group_key
                                                            : nullptr;
    if (target != nullptr) *target = truncate(value, limits::annotation_value_bytes_max);
}

void AlertReader::set_time(std::optional<Instant>& time, std::string_view value) {
    time.reset();
    const Result<Instant> read_time = parse_rfc3339(value);
    if (!read_time) {
        if (alert().bad_time.empty()) alert().bad_time = value.empty() ? "\"\"" : quote_peer(value);
    } else if (*read_time >= go_zero_time_end) {
        time = *read_time;
    }
}

void AlertReader::add_pair(std::string_view value) {
    const bool is_label = at_ == At::labels;
    LabelPairs& pairs = is_label ? labels_ : annotations_;
    if (is_label && alert().bad_label.empty() && !is_label_name(name_)) {
        alert().bad_label = name_.empty() ? "\"\"" : quote_peer(name_);
    }
    if (pairs.size() >= limits::labels_per_alert_max) {
        ++read.cut.labels_dropped;
        return;
    }
    const bool whole =
        pairs.add(name_, value,
                  is_label ? limits::label_value_bytes_max : limits::annotation_value_bytes_max);
    if (!whole) ++read.cut.values_cut;
}

}  // namespace

Result<AlertsRead> read_alerts(std::string_view body, AlertShape shape, std::size_t bytes_max) {
    AlertReader reader(shape);
    const Status whole = read_json(body, reader, {.bytes_max = bytes_max});
    if (!whole) {
        if (reader.trouble.empty()) return whole.error();
        return Error{.code = "bad_body", .message = reader.trouble};
    }
    if (!reader.has_alerts) {
        return Error{.code = "bad_body", .message = "the object has no `alerts`"};
    }
    return std::move(reader.read);
}

}  // namespace tocsin::integrations
