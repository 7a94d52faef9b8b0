// Signatures against published vectors, and every way in which one must be refused.
#include <doctest/doctest.h>

#include <string>

#include "integrations/json.hpp"
#include "integrations/sign.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

Instant at(std::int64_t unix_seconds) {
    return Instant(seconds(unix_seconds));
}

}  // namespace

TEST_CASE("HMAC-SHA256 and base64 fit RFC 4231 and RFC 4648") {
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256("", "")) ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    const std::pair<std::string, std::string> rows[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\x80", "//6A"},
    };
    for (const auto& [bytes, text] : rows) {
        CHECK(base64(bytes) == text);
        CHECK(from_base64(text) == bytes);
    }
    CHECK_FALSE(from_base64("Zg*=").has_value());
    CHECK_FALSE(from_base64("Z").has_value());
}

TEST_CASE("comparing takes equal texts for equal and no others") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "abcd"));
    CHECK_FALSE(equal_in_constant_time("abc", ""));
}

TEST_CASE("the published vectors of Slack, Svix and PagerDuty verify, and nothing near them") {
    const auto path = support::shared_data() / "specs/webhook-signature-vectors.json";
    const std::string text = support::read_file(path);
    if (text.empty()) {
        MESSAGE("skipped: the signature vectors of the shared data are not there");
        return;
    }
    int seen = 0;
    const Json vectors = parse_json(text).value();
    for (const Json& row : vectors.items()) {
        const std::string kind = row.text_at("kind").value();
        CAPTURE(kind);
        const Secret secret(row.text_at("secret").value());
        const std::string body = row.text_at("body").value();
        const auto header = [&row](std::string_view name) {
            return row.find("headers")->text_at(name).value_or("");
        };
        const auto verify = [&](const Secret& key, const std::string& content) -> Status {
            if (kind == "slack-v0") {
                return verify_slack(key, header("X-Slack-Request-Timestamp"),
                                    header("X-Slack-Signature"), content, at(1531420618));
            }
            if (kind == "pagerduty-v1") {
                return verify_pagerduty(key, header("X-PagerDuty-Signature"), content);
            }
            return verify_standard_webhook(key, header("svix-id"), header("svix-timestamp"),
                                           header("svix-signature"), content, at(1614265330));
        };
        CHECK(verify(secret, body).ok());
        CHECK(verify(secret, body + " ").error().code == "bad_signature");
        CHECK(verify(Secret(secret.reveal() + "x"), body).error().code == "bad_signature");
        CHECK(verify(Secret(), body).error().code == "bad_signature");
        ++seen;
    }
    CHECK(seen == 3);
}

TEST_CASE("what we sign for a receiver is what a Standard Webhooks library expects") {
    const Secret secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const std::string body = R"({"test": 2432232314})";
    const Instant now = at(1614265330) + milliseconds(999);
    const std::string signature = sign_standard_webhook(secret, id, now, body);
    CHECK(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK(verify_standard_webhook(secret, id, "1614265330", "v1,AAAA " + signature, body, now));
    CHECK_FALSE(verify_standard_webhook(secret, "other", "1614265330", signature, body, now));
    CHECK_FALSE(verify_standard_webhook(secret, id, "1614265331", signature, body, now));
    CHECK_FALSE(verify_standard_webhook(secret, id, "1614265330", "", body, now));
}

TEST_CASE("a signature is too old or too new by more than five minutes") {
    const Secret secret("plain secret");
    const std::string signature = sign_standard_webhook(secret, "id", at(1000), "body");
    const auto verify = [&](Instant now) {
        return verify_standard_webhook(secret, "id", "1000", signature, "body", now);
    };
    CHECK(verify(at(1300)));
    CHECK(verify(at(700)));
    CHECK(verify(at(1301)).error().code == "stale_signature");
    CHECK(verify(at(699)).error().code == "stale_signature");
    CHECK_FALSE(verify_slack(secret, "9999999999999999999", "v0=00", "body", at(1000)));
}
