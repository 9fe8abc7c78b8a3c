// Test-only: reads the JSON of test/vectors/ (objects, arrays, strings without escapes, integers, true, false, null).
#ifndef TRAINPROOF_UTIL_TESTING_JSON_H_
#define TRAINPROOF_UTIL_TESTING_JSON_H_

#include <cctype>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace trainproof::testing {

class Json {
 public:
  static Json parse(const std::string& text) {
    std::size_t at = 0;
    Json out = value(text, at);
    skip_space(text, at);
    if (at != text.size()) throw std::runtime_error("JSON: text after the value");
    return out;
  }
  static Json load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.substr(path.rfind('/') + 1));
    return parse(std::string(std::istreambuf_iterator<char>(file), {}));
  }

  bool has(const std::string& key) const {
    for (const auto& [name, unused] : members_) {
      if (name == key) return true;
    }
    return false;
  }
  const Json& operator[](const std::string& key) const {
    for (const auto& [name, member] : members_) {
      if (name == key) return member;
    }
    throw std::runtime_error("JSON: no member " + key);
  }
  const std::vector<Json>& items() const { return items_; }
  // A string, or a number, true, false or null as it is written.
  const std::string& text() const { return text_; }
  std::uint64_t number() const { return std::stoull(text_); }
  std::int64_t integer() const { return std::stoll(text_); }
  // A string of hexadecimal digits, with or without 0x.
  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> out;
    const std::size_t start = text_.rfind("0x", 0) == 0 ? 2 : 0;
    if ((text_.size() - start) % 2 != 0) throw std::runtime_error("JSON: odd number of hexadecimal digits");
    for (std::size_t i = start; i < text_.size(); i += 2) {
      out.push_back(static_cast<std::uint8_t>(std::stoi(text_.substr(i, 2), nullptr, 16)));
    }
    return out;
  }

 private:
  static void skip_space(const std::string& s, std::size_t& at) {
    while (at < s.size() && std::isspace(static_cast<unsigned char>(s[at]))) ++at;
  }
  static bool take(const std::string& s, std::size_t& at, char c) {
    skip_space(s, at);
    if (at >= s.size() || s[at] != c) return false;
    ++at;
    return true;
  }
  static void expect(const std::string& s, std::size_t& at, char c) {
    if (!take(s, at, c)) throw std::runtime_error(std::string("JSON: expected ") + c + " at " + std::to_string(at));
  }
  static std::string string(const std::string& s, std::size_t& at) {
    const std::size_t end = s.find('"', at);
    if (end == std::string::npos) throw std::runtime_error("JSON: open string");
    std::string out = s.substr(at, end - at);
    if (out.find('\\') != std::string::npos) throw std::runtime_error("JSON: escapes are not read");
    at = end + 1;
    return out;
  }
  static Json value(const std::string& s, std::size_t& at) {
    Json out;
    if (take(s, at, '{')) {
      if (take(s, at, '}')) return out;
      do {
        expect(s, at, '"');
        std::string name = string(s, at);
        expect(s, at, ':');
        out.members_.emplace_back(std::move(name), value(s, at));
      } while (take(s, at, ','));
      expect(s, at, '}');
    } else if (take(s, at, '[')) {
      if (take(s, at, ']')) return out;
      do {
        out.items_.push_back(value(s, at));
      } while (take(s, at, ','));
      expect(s, at, ']');
    } else if (take(s, at, '"')) {
      out.text_ = string(s, at);
    } else {
      while (at < s.size() && (std::isalnum(static_cast<unsigned char>(s[at])) || s[at] == '-' || s[at] == '.')) {
        out.text_ += s[at++];
      }
      if (out.text_.empty()) throw std::runtime_error("JSON: no value at " + std::to_string(at));
    }
    return out;
  }

  std::string text_;
  std::vector<Json> items_;
  std::vector<std::pair<std::string, Json>> members_;
};

// TRAINPROOF_VECTORS is the folder, given by trainproof_test.
inline Json load_vectors(const std::string& name) { return Json::load(TRAINPROOF_VECTORS "/" + name); }

}  // namespace trainproof::testing

#endif  // TRAINPROOF_UTIL_TESTING_JSON_H_
