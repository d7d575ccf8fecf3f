// Builds the Pub/Sub client: plain in the cloud, and on a laptop pointed at an endpoint without TLS. The identity's token
// goes with each call there as well; gRPC refuses to combine insecure channels with call credentials, hence the interceptor.
import type { PubSub } from "@google-cloud/pubsub";
import type * as grpc from "@grpc/grpc-js";
import { identityAuth } from "../google-auth.ts";
import { noToken as details } from "./refusals.ts";

/** Gives the value of an `Authorization` header. */
export type Authorization = () => Promise<string>;

const scope = "https://www.googleapis.com/auth/pubsub";

type Properties = { callOptions: { interceptors?: grpc.Interceptor[] } };

export async function pubsubClient(options: {
  project: string;
  /** host:port; absent in the cloud. */
  endpoint?: string | undefined;
  /** Authorization that gives the endpoint its token; that of the machine's own identity when absent. */
  authorization?: Authorization | undefined;
}): Promise<PubSub> {
  const { project: projectId, endpoint, authorization = ownIdentity() } = options;
  const { PubSub } = await import("@google-cloud/pubsub");
  if (endpoint === undefined) return new PubSub({ projectId });
  const interceptors = [await bearer(authorization)];
  const withBearer = {
    "grpc.callInvocationTransformer": (call: Properties) => ({
      ...call,
      callOptions: { ...call.callOptions, interceptors },
    }),
  };
  return new PubSub({
    projectId,
    apiEndpoint: endpoint,
    emulatorMode: true,
    // Said aloud, or each client asks a metadata server for it.
    universeDomain: "googleapis.com",
    ...withBearer,
  });
}

/** The identity that the machine's metadata server speaks for; its library keeps the token until it is old. */
function ownIdentity(): Authorization {
  let auth: ReturnType<typeof identityAuth> | undefined;
  return async () => {
    auth ??= identityAuth([scope]);
    return (await (await auth).getRequestHeaders()).get("authorization") ?? "";
  };
}

async function bearer(authorization: Authorization): Promise<grpc.Interceptor> {
  const { InterceptingCall, Metadata, status } = await import("@grpc/grpc-js");
  return (options, nextCall) => {
    const call = nextCall(options);
    return new InterceptingCall(call, {
      start(metadata, listener, next) {
        authorization().then(
          (header) => {
            metadata.set("authorization", header);
            next(metadata, listener);
          },
          () => {
            // It never began, so nobody but us can say how it ended.
            listener.onReceiveStatus({ code: status.UNAUTHENTICATED, details, metadata: new Metadata() });
            call.cancelWithStatus(status.UNAUTHENTICATED, details);
          },
        );
      },
    });
  };
}
