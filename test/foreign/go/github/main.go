// Command github asks our GitHub as go-github does, and tells of each case how it went, as test/foreign/cases.py has it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"github.com/google/go-github/v75/github"
)

const org, team, owner, repo = "sample-hub", "members", "operator", "infrastructure"

var (
	ctx  = context.Background()
	app  = clientOf(os.Getenv("INSTALLATION"))
	crew = clientOf(os.Getenv("CREW"))
)

type row struct {
	Name   string `json:"name"`
	Asks   string `json:"asks"`
	Vendor string `json:"vendor"`
	Expect string `json:"expect"`
	Got    string `json:"got"`
	Says   string `json:"says"`
	run    func() error
}

// wrong is what the vendor would not do.
type wrong struct{ error }

func clientOf(token string) *github.Client {
	client := github.NewClient(&http.Client{Timeout: 30 * time.Second})
	if token != "" {
		client = client.WithAuthToken(token)
	}
	client.BaseURL, _ = url.Parse(os.Getenv("ENDPOINT") + "/")
	return client
}

// world is everything that the far end keeps.
func world() string {
	answer, err := http.Get(os.Getenv("WORLD"))
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return string(body)
}

func same(got, wanted any) error {
	if reflect.DeepEqual(got, wanted) {
		return nil
	}
	return wrong{fmt.Errorf("%v instead of %v", got, wanted)}
}

func codeOf(err error) string {
	var response *github.ErrorResponse
	var limit *github.RateLimitError
	switch {
	case errors.As(err, &response):
		return strconv.Itoa(response.Response.StatusCode)
	case errors.As(err, &limit):
		return "limit"
	}
	if found := status.FindStringSubmatch(err.Error()); found != nil {
		return found[1]
	}
	return "error"
}

// status is how the client says it where it looks at no more.
var status = regexp.MustCompile(`status code: (\d+)`)

// only gives the error of a call of which nothing else is looked at.
func only[T any](_ T, _ *github.Response, err error) error { return err }

func main() {
	for _, one := range append(reads, writes()...) {
		before := world()
		err := one.run()
		one.Got = "right"
		var bad wrong
		if errors.As(err, &bad) {
			one.Got, one.Says = "wrong", err.Error()
		} else if err != nil {
			one.Got, one.Says = codeOf(err), err.Error()
			if world() != before {
				one.Got, one.Says = "wrong", "refused, and changed all the same: "+err.Error()
			}
		}
		line, _ := json.Marshal(one)
		fmt.Println(string(line))
	}
}
