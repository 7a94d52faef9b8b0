// The content hash of a rule: a reload keeps a rule's clocks if and only if it is unchanged.
#include <bit>

#include "base/text.hpp"
#include "config/compile_rule.hpp"

namespace tocsin::config {
namespace {

/// Feeds values with their lengths, so that no two lists of values look alike.
class Digest {
public:
    Digest& add(std::string_view text) {
        hash_ = fnv1a64(std::to_string(text.size()) + ":", hash_);
        hash_ = fnv1a64(text, hash_);
        return *this;
    }
    Digest& add(std::uint64_t number) { return add(std::string_view(std::to_string(number))); }
    Digest& add(Duration duration) { return add(static_cast<std::uint64_t>(duration.count())); }
    Digest& add(const std::vector<std::string>& list) {
        add(list.size());
        for (const std::string& item : list) add(std::string_view(item));
        return *this;
    }
    Digest& add(const std::optional<core::Comparison>& comparison) {
        if (!comparison) return add(std::string_view());
        add(static_cast<std::uint64_t>(comparison->op) + 1);
        return add(std::bit_cast<std::uint64_t>(comparison->threshold));
    }
    [[nodiscard]] std::uint64_t value() const { return hash_; }

private:
    std::uint64_t hash_ = fnv1a64("rule 1");
};

std::uint64_t number(auto enumerator) {
    return static_cast<std::uint64_t>(enumerator);
}

}  // namespace

std::uint64_t content_hash(const core::Rule& rule) {
    Digest digest;
    digest.add(number(rule.kind)).add(std::string_view(rule.alertname)).add(rule.alert.size());
    for (const Matcher& matcher : rule.alert) digest.add(std::string_view(matcher.to_string()));
    digest.add(number(rule.continue_matching)).add(std::string_view(rule.expression));
    digest.add(rule.interval).add(rule.sources).add(number(rule.agree_all));
    digest.add(rule.hold_for).add(rule.keep_firing_for).add(rule.per);
    digest.add(std::string_view(rule.incident)).add(rule.ladder.size());
    for (const core::Step& step : rule.ladder) {
        digest.add(step.when).add(step.hold_for).add(number(step.outcome));
        digest.add(number(step.severity)).add(number(step.communicate));
    }
    digest.add(number(rule.has_thresholds)).add(rule.clear.when).add(rule.clear.hold_for);
    digest.add(number(rule.no_data)).add(number(rule.never_suppress));
    digest.add(std::string_view(rule.value ? rule.value->text() : std::string()));
    digest.add(std::string_view(rule.unit)).add(rule.labels.size());
    for (const auto& [name, text] : rule.labels) {
        digest.add(std::string_view(name)).add(std::string_view(text.text()));
    }
    return digest.value();
}

}  // namespace tocsin::config
