import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useScreen } from '../../components/use-screen.ts'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { useSignInWays } from '../account/SignIn.tsx'
import { OrganizationFields } from './OrganizationFields.tsx'
import { useOffice } from './office-context.ts'
import {
  blankOrganization,
  type OrganizationForm,
  organizationErrors,
  organizationPointers,
  organizationRequest,
} from './organization-form.ts'
import { organizationPath } from './place.ts'

export function Register() {
  return <RegisterPage steps={undefined} />
}

/** A new organisation; whoever makes it is its owner. */
export function RegisterPage({ steps }: { steps: ComponentChildren }) {
  const { register } = officeTexts()
  const heading = useScreen(register.title)
  const ways = useSignInWays('staff')
  return (
    <main id="content" class="desk desk-narrow">
      {steps}
      <header class="desk-head">
        <h1 ref={heading} tabIndex={-1}>
          {register.title}
        </h1>
        <p class="lead">{ways?.registration === 'approved' ? register.approvedLead : register.lead}</p>
      </header>
      <section class="card">
        <RegisterForm />
      </section>
    </main>
  )
}

function RegisterForm() {
  const { register } = officeTexts()
  const { reload } = useOffice()
  const { route } = useLocation()
  const command = useStaffCommand('registerOrganization')
  const [form, setForm] = useState<OrganizationForm>(blankOrganization)
  const [wasSubmitted, setSubmitted] = useState(false)
  const errors = organizationErrors(form, wasSubmitted, command.failure)
  const submit = async () => {
    setSubmitted(true)
    if (Object.values(organizationErrors(form, true, null)).some((error) => error !== null)) return
    const { name, address, website } = organizationRequest(form)
    const body = {
      name,
      ...(address === null ? {} : { address }),
      ...(website === null ? {} : { website }),
    }
    const sent = await command.send({ body })
    if (sent.status !== 'done') return
    await reload()
    route(organizationPath(sent.value.organizationId), true)
  }
  return (
    <Form onSubmit={submit}>
      <OrganizationFields
        form={form}
        errors={errors}
        onChange={(part) => setForm({ ...form, ...part })}
        autofocus
      />
      <FormFoot
        error={organizationPointers.rest(command.failure)}
        action={register.submit}
        busyAction={register.submitting}
        isBusy={command.isBusy}
        isLarge
      />
    </Form>
  )
}
